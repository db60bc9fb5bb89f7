"""What stands round an article on its page: menus, related articles, tools, counters, ratings.

Known by what its element is called and by the words of its lines; gathered from the pages listed
in docs/sources-seen.md.
"""

import re

from lxml.html import HtmlElement

_TAGS = frozenset(("nav", "footer", "aside", "header"))
_CLASS = re.compile(
    r"(?:^|[-_ ])(?:related?|relate|lien-?quan|share|sharing|social|socials|comments?|binh-?luan|"
    r"tags?|rating|vote|breadcrumbs?|sidebar|side|widget|banner|advert\w*|ads?|most-?read|xem-?nhieu|"
    r"doc-?nhieu|newsletter|tools?|toolbar|menu|navbar|pagination|counter|weather|copyright|hotline|"
    r"footer|xem-?them|tin-?khac|other-?news|moi-?nhat|recommend\w*|popup|modal|tweet|instagram|subscribe|"
    r"subscription|donate|sign-?up|promo|outbrain|taboola|sponsored|trending|read-?more|more-?from|next-?post|"
    r"post-?nav|navigation|playlist|author-?bio|video-?cms)(?=$|[-_ \d])",
    re.IGNORECASE,
)
# words a theme says of a whole page: it has a sidebar, it is filed under a tag
_OF_THE_PAGE = re.compile(
    r"(?<!\S)(?:has|no|with|without|tag|category|post|type|format|status|layout)-\S*", re.IGNORECASE
)

_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_OPENING = re.compile(r"(?:modal|popup)", re.IGNORECASE)
_HIDDEN = re.compile(r"(?<!\S)(?:hidden|hide|d-none|sr-only|visually-hidden|screen-reader-text)(?!\S)")

TAIL = re.compile(
    r"^(?:>+\s*)?(?:(?:các )?(?:tin(?:[,/]? bài)?|bài(?: viết)?|bộ ảnh|video|clip) "
    r"(?:liên quan|khác|cùng (?:chuyên mục|chủ đề|tác giả)|mới(?: nhất)?|đọc nhiều)|"
    r"(?:các )?tin (?:bài )?đã (?:đưa|đăng)|có liên quan|chủ đề|thăm dò ý kiến|"
    r"xem thêm|đọc thêm|tham khảo thêm|chia sẻ(?: bài viết)?|từ khóa|tags?|bình luận(?: hay)?|"
    r"(?:tin )?đọc nhiều(?: nhất)?|ý kiến bạn đọc|"
    r"văn bản mới|có thể bạn (?:quan tâm|thích)|tổng số điểm của bài viết.*|những tin (?:mới|cũ) hơn|"
    r"cùng (?:chuyên mục|chủ đề|tác giả)|"
    r"gửi bình luận|về đầu trang|click để đánh giá.*)(?:\s*+\(\d+\))?\s*+[:：]?$",
    re.IGNORECASE,
)
"""A line behind which the article is over, when most of it was read."""

NOISE = re.compile(
    r"^(?:(?:a ?[+-]? ?)++|in|in bài|in trang|top|down|gửi email|facebook|zalo|twitter|copy link|link bài gốc|"
    r"lưu bài viết|"
    r"theo dõi .{0,60}|đọc báo in|tải ứng dụng.*|hotline.*|(?:\d[\d.,]* (?:lượt xem|bình luận) ?)+|\d+ phiếu bầu|"
    r"(?:số )?lượt (?:xem|truy cập|tải)\s*[:：]?.*|"
    r"\*?\s*mời (?:bạn đọc|quý vị|độc giả|các bạn) .{0,12}(?:vào|đón|theo dõi|truy cập|xem).*|"
    r"xếp hạng\s*:.*|tổng số điểm.*|[.;,•|>*_~=\s-]+|quảng cáo|"
    r"[-–\s]*advertisement[-–\s]*|cỡ chữ.*|nghe (?:đọc )?(?:nội dung )?bài(?:(?: viết| báo).{0,12}|\s?[\d:]*)|"
    r"(?:chủ đề|từ khóa|tags?)\s*:.*|(?:(?:thích|like|chia sẻ|facebook|zalo|twitter|messenger|email|"
    r"sao chép liên kết)(?: ?\d++)?+ ?+)++|"
    r"đánh giá (?:bài viết|mục này).*|>{2,}.*|(?:xem|đọc|tham khảo) thêm\s*:.*|\(?ảnh minh họa\)?\.?|"
    r"(?:trình duyệt (?:của bạn )?không hỗ trợ|your browser does not support)\b.*|"
    r"\(?(?:tiếp theo và hết|còn (?:nữa|tiếp)|(?:xem )?tiếp (?:kỳ|số) sau|hết)\)?\.?|"
    r"(?:quý vị|bạn đọc|độc giả|khán giả) .{0,20}có thể .{0,80}(?:youtube|facebook|zalo|ứng dụng)\b.*|"
    r"quét mã qr\b.*|hãy là người đầu tiên (?:bình luận|đánh giá)\b.*|nhấn quan tâm .*|"
    r"mọi (?:thông tin|ý kiến|phản hồi)[^.]{0,40} (?:xin|vui lòng) .*|"
    r"tải (?:về|xuống|file|tài liệu)\s*:.{0,200}|"
    r"(?:LTS|lời tòa soạn)\s*[:：-].*|nội dung chính|mục lục|\(?click vào .{0,60}|"
    r"(?:video|clip)\s*:.{0,100}|(?:bài )?(?:trước|sau)(?: đó)?|tiếp theo|chia sẻ\s*:.{0,60}|"
    r"(?:tài liệu|tệp|file|văn bản) (?:tin )?đính kèm\b.{0,200}|đường dây nóng\s*:.*|"
    r"(?:©|copyright\b|bản quyền thuộc|mọi hành động sử dụng|ghi rõ nguồn|cơ quan chủ quản\s*:|"
    r"giấy phép (?:số|hoạt động|thiết lập|báo chí)|"
    r"chịu trách nhiệm (?:nội dung|chính|xuất bản)?\s*:|tổng biên tập\s*:|tòa soạn\s*:|trụ sở\s*:).*)$",
    re.IGNORECASE,
)
"""A line that is never part of the text."""


def apart(called: str) -> str:
    """Return names with the words of which they are made apart: "ArticleTitle" is "Article-Title"."""
    return _JOINT.sub("-", called)


def _is_furniture(tag: str, called: str) -> bool:
    """Tell whether an element is furniture by its tag and by what its author called it (class and id)."""
    if tag in {"article", "main", "body", "html", "figure"}:
        return False
    return tag in _TAGS or bool(_CLASS.search(_OF_THE_PAGE.sub("", apart(called))))


def stands_aside(element: HtmlElement) -> bool:
    """Tell whether an element is furniture, or not shown: by its tag, its attributes and what it is called."""
    classes = element.get("class") or ""
    hidden = element.get("hidden") is not None or "display:none" in (element.get("style") or "").replace(" ", "")
    called = f"{classes} {element.get('id') or ''}"
    if element.tag == "a":  # a link that opens its picture large
        called = _OPENING.sub("", called)
    return hidden or bool(_HIDDEN.search(classes)) or _is_furniture(str(element.tag), called)
