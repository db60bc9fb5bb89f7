"""The bot beside the scheduler: it listens while the service runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from monitor.app import App
from monitor.bot.desk import Desk
from monitor.edges.store import Store


@asynccontextmanager
async def listening(app: Callable[[], App], store: Store) -> AsyncIterator[None]:
    """Answer what people ask as long as the context is open; without a token nobody is heard.

    `app` gives the App of the moment: the service may take up an edited configuration.
    """
    desk = Desk(app, store)
    bot = app().listener(desk.menus(), desk.answer, desk.rights_changed)
    if bot is None:
        yield
        return
    async with bot as listener:
        task = asyncio.create_task(listener.listen())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
