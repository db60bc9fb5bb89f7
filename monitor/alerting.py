"""What goes wrong is told in the admin chat: grouped, each line once a day, never in the digest's way.

Lines are queued by `store.alerts.add` by whoever meets the trouble. They are sent by a bot instance of
their own; an alert may come twice, a digest may not, so nothing here is read back.
"""

import logging
from datetime import timedelta

from monitor.app import App
from monitor.delivery.alarms import NETWORK, grouped
from monitor.edges.store import Store
from monitor.errors import DeliveryError, MovedError, NotSentError

_TOGETHER = timedelta(minutes=1)  # lines that come within it are told in one message

_log = logging.getLogger(__name__)


def source_stands(app: App, store: Store, source: str, line: str) -> None:
    """Queue the line that says what is the matter with a source; "" ends the trouble."""
    store.alerts.stand(f"source:{source}", line, f"📡 {source}: đã đọc lại được bình thường.", app.clock())


def network_stands(app: App, store: Store, line: str) -> None:
    """Queue the line that says that nothing on the network is met; "" ends it, and is told in any case.

    While it lasts Telegram is seldom met either.
    """
    now, told = app.clock(), store.alerts.open().get(NETWORK)
    if line:
        store.alerts.add(NETWORK, line, now)
    elif told:
        store.alerts.clear(NETWORK, now)
        at = now.astimezone(app.config.digest.timezone)
        store.alerts.add(f"{NETWORK}:over", f"{told} Đến {at:%H:%M %d/%m} đã kết nối lại được.", now)


async def send(app: App, store: Store) -> None:
    """Tell the operator what waits, in as few messages as hold it; what Telegram does not take waits."""
    waiting = store.alerts.waiting()
    chat = store.chats.get(app.settings.telegram_admin_chat or "")
    if not waiting or not chat.name or chat.free_at > app.clock():
        return
    channel = app.admin_chat(chat.address)
    if channel is None:
        return
    try:
        async with channel:
            for html, alerts in grouped(waiting):
                await channel.say(html, alerts[0].choices)
                store.alerts.said(alerts, app.clock())
        store.chats.hold(chat.name, app.clock() + _TOGETHER)
    except MovedError as moved:
        store.chats.moved(chat.name, moved.number)
    except DeliveryError as fault:
        wait = app.pace.pause(chat.failures, fault.retry_after if isinstance(fault, NotSentError) else None)
        store.chats.hold(chat.name, app.clock() + wait, failures=chat.failures + 1)
        _log.warning("admin chat: %s", fault)
