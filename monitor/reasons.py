"""Why something went wrong, in Vietnamese: for the admin chat, the archive and readers; logs and terminal keep English.

The reasons themselves are written where a fault is understood. Each has its row here; a test reads
them out of the code and fails for one without words.
"""

import re
from collections.abc import Iterable

NOT_VISITED = "not visited"
"""The reason of a source to which no round was made in an edition's time."""
UNKNOWN = "trục trặc chưa rõ nguyên nhân"
_WRONG_VALUE = "giá trị không hợp lệ"
_LONGEST = 1000  # letters of a reason that are looked at: some repeat what a server said

# what an English reason holds, and its words; \1 is what the pattern's group found; the first row that fits counts
_OF_THE_WEB = (
    (r"^none of its pages can be read", "không đọc được bài nào trong danh sách"),
    (r"asked to be left alone for (\d+) h", r"máy chủ yêu cầu chờ \1 giờ"),
    (r"asked to be left alone for (\d+) min", r"máy chủ yêu cầu chờ \1 phút"),
    (r"asked to be left alone for (\d+) s", r"máy chủ yêu cầu chờ \1 giây"),
    (r"^robots\.txt of ", "robots.txt của trang không cho chương trình tự động đọc"),
    (r"^robots\.txt cannot be read", "không đọc được robots.txt của trang nên tạm thời để yên"),
    (r"^(404|410)\b", r"lỗi \1: không còn trang này"),
    (r"^(401|407)\b", r"lỗi \1: trang yêu cầu đăng nhập"),
    (r"^403\b", "lỗi 403: máy chủ từ chối truy cập"),
    (r"^429\b", "lỗi 429: máy chủ yêu cầu đọc thưa hơn"),
    (r"^([45]\d\d)\b", r"lỗi \1 của máy chủ"),
    (r"^(\d{3})\b", r"máy chủ trả lời mã \1, không kèm nội dung"),
    (r"certificate.*expired", "chứng chỉ bảo mật đã hết hạn"),
    (r"certificate.*(?:mismatch|not valid for)", "chứng chỉ bảo mật không khớp tên miền"),
    (r"certificate.*self.signed", "chứng chỉ bảo mật do máy chủ tự ký"),
    (r"certificate", "chứng chỉ bảo mật không hợp lệ"),
    (r"host name .* (?:not known|not found|no address)", "không tìm thấy tên miền"),
    (r"no secure connection", "máy chủ không mở được kết nối bảo mật (https)"),
    (r"connection refused|no connection", "không kết nối được"),
    (r"connection broke off", "kết nối bị đứt giữa chừng"),
    (r"no complete answer|no answer", "không trả lời kịp"),
    (r"\bredirects$", "chuyển hướng lòng vòng không dứt"),
    (r"local network", "địa chỉ dẫn vào mạng nội bộ nên không đọc"),
    (r"no web page|with a user name|cannot be visited", "dẫn tới một địa chỉ không truy cập được"),
    (r"^port (\S+).* is not visited", r"cổng \1 không được phép truy cập"),
    (r"packed in an unknown way", "nội dung được nén theo cách không hỗ trợ"),
    (r"larger than|more is sent|in more than .* pieces", "trang quá lớn"),
    (r"feed answered with a web page", "địa chỉ nguồn cấp tin lại trả về một trang web"),
    (r"leads on to (.+?);", r"trang chỉ dẫn tiếp sang \1"),
    (r"challenge|wall of script", "trang chỉ mở được bằng trình duyệt có JavaScript và cookie"),
    (r"login page", "trang yêu cầu đăng nhập"),
    (r"error page", "trang đang báo lỗi"),
    (r"frameset", "trang chia khung, cần địa chỉ của khung chứa tin"),
    (r"made by script", "danh sách tin do JavaScript tạo ra nên không đọc được"),
    (r"^0 items", "trang không có bài nào"),
    (r"answer is empty", "máy chủ trả về trang trống"),
    (r"cut short", "nội dung nhận được bị cắt cụt"),
    (r"JSON|XML|broken", "nội dung nhận được bị hỏng"),
    (r"^neither feed|^not a web page", "không phải nguồn cấp tin, sơ đồ trang hay trang web"),
    (r"list of links", "trang là danh sách liên kết, không phải bài viết"),
    (r"no article text", "không tìm thấy nội dung bài viết"),
    (r"^reading it ", "trang quá nặng hoặc quá phức tạp nên không đọc được"),
    (r"^the .* cannot be read", "không hiểu được nội dung trang"),
    (r"unexpected fault", "lỗi ngoài dự kiến của chương trình, xin xem nhật ký"),
    (NOT_VISITED, "chưa đọc lượt nào"),
)
_OF_THE_STORE = (
    (r"^(.+): (\d+) MB free;.* (\d+) MB on$", r"ổ đĩa của \1 chỉ còn trống \2 MB, cần ít nhất \3 MB"),
    (r"disk is full|No space left", "ổ đĩa đã đầy"),
    (r"Permission denied|may this user", "chương trình không có quyền đọc ghi ở đó"),
    (r"(?i)read-only", "ổ đĩa hoặc thư mục chỉ cho đọc"),
    (r"disk does not answer", "ổ đĩa có lỗi"),
    (r"damaged", "dữ liệu bị hỏng, cần khôi phục bằng lệnh monitor restore"),
    (r"old backup cannot be removed", "không xoá được bản sao lưu cũ"),
    (r"is there already", "đã có tệp cùng tên"),
    (r"copy (?:did not come|could be made)", "không tạo được bản sao trọn vẹn, xin xem lại ổ đĩa"),
    (r"cannot be (?:written|used|read|checked)", "không đọc ghi được"),
)
_OF_TELEGRAM = (
    (r"not enough rights|need administrator|CHAT_ADMIN_REQUIRED|have no rights", "bot chưa được cấp đủ quyền"),
    (r"can't be deleted", "Telegram không cho bot xoá tin này"),
    (r"can't be edited", "Telegram không cho sửa tin này nữa"),
    (r"to (?:delete|edit) not found|MESSAGE_ID_INVALID", "tin không còn trên kênh"),
    (r"(?i)parse entities|entit(?:y|ies)_", "Telegram không đọc được định dạng của tin"),
    (r"(?i)too.long", "tin quá dài"),
    (r"text is empty", "tin không có nội dung"),
    (r"chat not found", "không tìm thấy kênh hoặc nhóm"),
    (r"not a member|was kicked|was blocked|Forbidden", "bot không còn trong kênh hoặc nhóm"),
    (r"InvalidToken|Unauthorized|token is not valid", "token của bot không còn hiệu lực"),
    (r"Conflict", "một chương trình khác đang dùng cùng token"),
    (r"BadRequest", "Telegram không chấp nhận yêu cầu"),
)
_OF_SOURCES_YAML = (
    (r"unknown key; did you mean '(.*)'", r"không có khoá này, có phải “\1”?"),
    (r"unknown key", "không có khoá này"),
    (r"^this key is missing", "thiếu khoá này"),
    (r"stands already on line (\d+)", r"trùng với dòng \1"),
    (r"name of a source already", "tên cũ này đã thuộc về một nguồn"),
    (r"space of another kind", "lẫn khoảng trắng lạ chép từ văn bản khác, cần gõ lại"),
    (r"this ':' is a wide one|space is missing after ':'", "viết sai dấu hai chấm, cần dấu “:” rồi một dấu cách"),
    (r"space is missing after '-'", "thiếu dấu cách sau dấu “-”"),
    (r"^nothing is written|^is empty|^the list is empty|file is empty", "còn để trống"),
    (r"^not YAML|not a mapping|aliases \(|^here belong|^one text belongs|in quotes", "viết sai cú pháp"),
    (r"not a web address", "không phải địa chỉ web"),
    (r"not a CSS selector", "không phải bộ chọn CSS"),
    (r"length of time from (\S+) to (\S+)", r"thời lượng phải từ \1 đến \2"),
    (r"length of time", "thời lượng phải viết như 5s, 30m, 2h hoặc 3d"),
    (r"time of day", "giờ phải viết như “18:00”"),
    (r"unknown time zone", "không có múi giờ này"),
    (r"unknown province", "không có tỉnh, thành phố này"),
    (r"no such file|cannot be read", "không đọc được tệp"),
    (r"not UTF-8", "tệp phải lưu bằng mã UTF-8"),
    (r"larger than .* bytes", "tệp quá lớn"),
)


def in_vietnamese(reason: str) -> str:
    """Return why something failed, as one says it in Vietnamese; UNKNOWN for what has no words here."""
    return _found((*_OF_THE_WEB, *_OF_THE_STORE, *_OF_TELEGRAM), reason) or UNKNOWN


def mistakes_in_vietnamese(mistakes: Iterable[str]) -> str:
    """Return the mistakes of an edit of sources.yaml in one line: where each stands, and what it is."""
    return "; ".join(_mistake(one) for one in mistakes)


def _mistake(told: str) -> str:
    """Return one mistake, told as `sources.yaml:12: sources[2].url: what it is`, line and place being optional."""
    parts = _PLACED.fullmatch(told)
    line, place, what = parts.groups() if parts else (None, None, told)
    where = ", ".join(part for part in (f"dòng {line}" if line else "", place or "") if part)
    said = _found(_OF_SOURCES_YAML, what) or _WRONG_VALUE
    return f"{where}: {said}" if where else said


_PLACED = re.compile(r"\A[^:]*:(?:(\d+):)? (?:([a-z_]+(?:[.\[][\w.\[\]]*)?): )?(.*)", re.DOTALL)


def _found(rows: Iterable[tuple[str, str]], reason: str) -> str:
    hits = ((re.search(pattern, reason[:_LONGEST]), words) for pattern, words in rows)
    return next((hit.expand(words) for hit, words in hits if hit), "")
