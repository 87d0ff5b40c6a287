"""The demonstration's mail server: pymap inside this process, on 127.0.0.1 only, with TLS from the first byte.

Everything is in memory and gone when it stops. Its certificate is made in `certificate.py`; what is delivered to it
comes from `messages.py`. It is driven through pymap's classes because pymap's own command binds every address.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import threading
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event, Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ObjectId
from pymap.selected import SelectedMailbox
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import BuiltinHash

from intake.demo.certificate import make_certificate
from intake.errors import IntakeError, NotFound
from intake.texts import N_

__all__ = ["DemoServer", "DemoServerFailed"]

HOST = "127.0.0.1"
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
_DELIVER_SECONDS = 30.0
_GOODBYE_SECONDS = 0.2
_LONGEST_LINE = 1024 * 1024  # one command may name thousands of UIDs
_LARGEST_MESSAGE = 64 * 1024 * 1024
_log = logging.getLogger(__name__)


class DemoServerFailed(IntakeError):
    """The embedded server could not start, or is no longer running."""

    template = N_("The demonstration's mail server does not run. Start the demonstration again.")
    exit_code = 5


class _Folder(MailboxData):
    """A folder that tells an idling client at once of a change made between two of its waits.

    pymap wakes only for what happens while it waits; of a burst of deliveries the last could stay untold.
    """

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        told = selected.mod_sequence
        if told is not None and told < self._mod_sequences.highest:
            wait_on = None
        return await super().update_selected(selected, wait_on=wait_on)


class _Folders(MailboxSet):
    """The account's folders, each of them a `_Folder`."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Folder(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        await super().add_mailbox(name)
        async with self._set_lock.write_lock():
            self._set[name] = folder = _Folder(self._content_cache, self._thread_cache)
        return folder.mailbox_id


class _Config(Config):
    """pymap's configuration without its look-up of this machine's name, which can take seconds."""

    @property
    def greeting(self) -> bytes:
        return b"Demonstration server ready"


class DemoServer:
    """An IMAP server (implicit TLS, IDLE, UIDPLUS, MOVE) with one account, in a thread of its own.

    Use as a context manager, or `start()` and `stop()`. `folder` receives the certificate that clients must trust
    (`ca_file`). pymap has no keywords, no SPECIAL-USE and no XOAUTH2. Raises `DemoServerFailed` when it cannot start.
    """

    host = HOST

    def __init__(self, folder: Path, user: str, password: str) -> None:
        self.user = user
        self._password = password
        self._folder = folder
        self._ca_file: Path | None = None
        self._port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._folders: _Folders | None = None

    @property
    def port(self) -> int:
        """The port it listens on; 0 before it was started."""
        return self._port

    @property
    def ca_file(self) -> Path:
        """The PEM file a client verifies the server with."""
        if self._ca_file is None:
            raise DemoServerFailed
        return self._ca_file

    @property
    def running(self) -> bool:
        """Whether it is serving now."""
        return self._thread is not None and self._thread.is_alive() and self._port != 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make the certificate, open the port and serve; returns when the server answers."""
        if self._thread is not None:
            raise DemoServerFailed
        context = self._tls()
        # A daemon, so that a caller who never stops it does not hold up the end of the program.
        self._thread = threading.Thread(
            target=self._run, args=(context,), name="demo-mail-server", daemon=True
        )
        self._thread.start()
        if not self._ready.wait(_START_SECONDS) or self._port == 0:
            self.stop()
            raise DemoServerFailed

    def stop(self) -> None:
        """End every connection, close the port and wait for the thread to end. Harmless when not running."""
        thread, loop, stopping = self._thread, self._loop, self._stopping
        if thread is None:
            return
        if loop is not None and stopping is not None:
            # The loop may have ended by itself in between; then there is nothing left to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(stopping.set)
        thread.join(_STOP_SECONDS)
        if thread.is_alive():
            raise DemoServerFailed
        self._thread = self._loop = self._stopping = self._folders = None
        self._port = 0
        self._ready.clear()

    def deliver(self, message: bytes, received_at: datetime, folder: str = "INBOX") -> None:
        """Put `message` in `folder` with `received_at` (aware) as its INTERNALDATE; from any thread.

        Idling clients are told. Raises `NotFound` for a folder that does not exist, `DemoServerFailed` when the
        server does not run.
        """
        loop = self._loop
        if not self.running or loop is None:
            raise DemoServerFailed
        waiting = asyncio.run_coroutine_threadsafe(self._append(message, received_at, folder), loop)
        try:
            waiting.result(_DELIVER_SECONDS)
        except KeyError:
            raise NotFound(what=folder) from None
        except TimeoutError:
            raise DemoServerFailed from None

    async def _append(self, message: bytes, received_at: datetime, folder: str) -> None:
        if self._folders is None:
            raise DemoServerFailed
        mailbox = await self._folders.get_mailbox(folder)
        await mailbox.append(AppendMessage(message, received_at), recent=True)

    def _tls(self) -> ssl.SSLContext:
        files = make_certificate(self._folder, datetime.now(UTC))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(files.server_file)
        # The key is in memory now; on disk it would outlive the demonstration.
        files.server_file.unlink()
        self._ca_file = files.ca_file
        return context

    def _run(self, context: ssl.SSLContext) -> None:
        try:
            asyncio.run(self._serve(context))
        except OSError:
            # No free port or no loopback: `start` sees that there is no port and says so.
            _log.debug("the demonstration's mail server could not open a port", exc_info=True)
        finally:
            self._ready.set()

    async def _serve(self, context: ssl.SSLContext) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_note)
        self._stopping = asyncio.Event()
        self._loop = loop
        answer = await self._account()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._writers.add(writer)
            info = SocketInfo.get(writer, ProxyResultLocal(), unique_id=uuid4().bytes)
            await answer(reader, writer, info)
            # Kept until its socket is closed, so that `stop` can cut off a client that never says goodbye.
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            self._writers.discard(writer)

        listening = socket.create_server((HOST, 0))
        server = await asyncio.start_server(
            connected,
            sock=listening,
            ssl=context,
            limit=_LONGEST_LINE,
            ssl_handshake_timeout=10.0,
            ssl_shutdown_timeout=1.0,
        )
        self._port = listening.getsockname()[1]
        self._ready.set()
        try:
            await self._stopping.wait()
        finally:
            server.close()
            await self._hang_up()

    async def _account(self) -> IMAPServer:
        config = _Config(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=HOST,
            port=0,
            demo_data=False,
            demo_user=self.user,
            demo_password="",
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            tls_enabled=False,  # no STARTTLS: the connection is encrypted already
            reject_dnsbl=False,
            max_append_len=_LARGEST_MESSAGE,
            # The hash lives in this process as the password does: many rounds would only slow down signing in, and
            # pymap's default thread pool would outlive the server.
            hash_context=BuiltinHash(rounds=1000),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        self._folders = _Folders()
        config.set_cache[self.user] = (self._folders, FilterSet())
        login = Login(config)
        hashed = await Passwords(config).hash_password(self._password)
        await login.demo_user_identity.set(UserMetadata(config, self.user, password=hashed))
        return IMAPServer(login, config)

    async def _hang_up(self) -> None:
        """Say goodbye on the connections that are left, then cut them off without waiting for the clients."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_GOODBYE_SECONDS)
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        if tasks:
            await asyncio.wait(tasks, timeout=_GOODBYE_SECONDS)
        # A turn of the loop lets the last transport close its socket before the loop itself is closed.
        await asyncio.sleep(0)


def _note(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # A client that breaks off is no news for the person at the screen, and stderr belongs to the program.
    _log.debug("a connection of the demonstration's mail server ended: %s", context.get("message"))
