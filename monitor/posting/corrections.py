"""What papers corrected after it was posted: the message is edited until it reads as it should."""

from dataclasses import replace

from monitor.app import App
from monitor.digest.correction import corrected
from monitor.digest.notes import notes
from monitor.drafting import linkable_hosts
from monitor.edges.store import Message, Store
from monitor.errors import MovedError, NotSentError, RefusedError, UnknownError
from monitor.posting.office import Office
from monitor.reasons import in_vietnamese


def note(app: App, store: Store) -> None:
    """Write down how messages should read of whose told articles a text changed; nothing is sent."""
    if app.chat is None:
        return
    for day in store.outbox.to_correct(app.chat):
        edition = store.editions.get(day)
        if edition is None:
            continue
        known = notes(edition, (), store.shelf.revised(day), set(linkable_hosts(app, store)))
        parts = [message.part for message in store.outbox.of(day)]
        desired = corrected(edition, parts, known, app.config.digest.timezone)
        store.outbox.desire(day, app.chat, desired, app.clock())


async def edit(office: Office, item: Message) -> None:
    """Let one message read as it should; an unknown outcome is tried again, because twice does no harm."""
    await office.turn()
    part = replace(item.part, html=item.desired)
    try:
        await office.channel.edit(item.message_id or 0, part)
    except MovedError:
        raise
    except RefusedError as fault:
        office.store.outbox.edited(item, office.now, f"cannot be edited: {fault}")
        office.alert(
            "telegram:edit", f"✏️ Không sửa được bản tin {item.edition:%d/%m/%Y} trên kênh: {in_vietnamese(str(fault))}."
        )
        return
    except UnknownError as fault:
        raise NotSentError(str(fault)) from None
    office.store.outbox.edited(item, office.now)
    office.got_through()
