"""A wire that breaks: a TCP proxy that passes so many octets in one direction and then cuts the connection hard."""

import socket
import threading
from contextlib import suppress


class CuttingProxy:
    """Listens on `port`, passes everything to `target`, and cuts each connection after its allowance.

    towards_server, towards_client: octets that may pass; None is without limit. Both may be changed at any time.
    """

    def __init__(self, target: int, towards_server: int | None = None, towards_client: int | None = None) -> None:
        self.target = target
        self.towards_server = towards_server
        self.towards_client = towards_client
        self.cuts = 0
        self._connections: list[socket.socket] = []

    def __enter__(self) -> "CuttingProxy":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(self, *what: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def hang_up(self) -> None:
        """Cut what is connected now."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            self._threads.append(threading.Thread(target=self._serve, args=(client, server)))
            self._threads[-1].start()

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        """Both directions; when one ends or is cut, so is the other."""
        self._connections += [client, server]
        with client, server:
            back = threading.Thread(target=self._pass, args=(server, client, self.towards_client))
            back.start()
            self._pass(client, server, self.towards_server)
            back.join()

    def _pass(self, source: socket.socket, sink: socket.socket, allowance: int | None) -> None:
        with suppress(OSError):
            while octets := source.recv(4096 if allowance is None else max(1, min(4096, allowance))):
                if allowance == 0:
                    self.cuts += 1
                    break
                sink.sendall(octets)
                allowance = None if allowance is None else allowance - len(octets)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
