"""A server that misbehaves: TLS in front of the real Dovecot, which passes everything on but may alter its answers.

For what no honest server can be made to do: endless lines, huge literals, structures without end. No test in here.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Self

from intake.mail.signin import MailboxSettings
from tests.dovecot import HOST, Dovecot

Alter = Callable[[bytes], bytes | None]
"""From a line of the server to what is sent in its place; None cuts the connection."""


class Misbehaving:
    """Listens on loopback; `alter` sees each line (without literals told apart) that goes to the client."""

    def __init__(self, server: Dovecot, alter: Alter, *, tls: bool = True) -> None:
        self._server, self._alter = server, alter
        self._context: ssl.SSLContext | None = None
        if tls:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(server.base / "server.pem", server.base / "server-key.pem")
        self._listening = socket.create_server((HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        self.connections = 0
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def settings(self, user: str) -> MailboxSettings:
        """How to reach the mailbox of `user` through this server."""
        return replace(self._server.settings(user), port=self.port)

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for one in self._open:
            one.close()

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                self._open.append(client)
                self.connections += 1
                if self._context is not None:
                    client = self._context.wrap_socket(client, server_side=True)
                    self._open.append(client)
                server = socket.create_connection((HOST, self._server.starttls_port))
                self._open.append(server)
                self._run(self._pass_on, client, server)
                self._run(self._pass_back, server, client)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65_536):
                server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)

    def _pass_back(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError), server.makefile("rb") as lines:
            for line in lines:
                altered = self._alter(line)
                if altered is None:
                    break
                client.sendall(altered)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
