"""A SOCKS5 or HTTP CONNECT proxy on loopback, for clients that must go through one.

    with Proxy("socks5h", user="u", password="p") as proxy:
        ... use proxy.url ...
        proxy.asked         what it was asked for: [("127.0.0.1", 2525), ...]
        proxy.logins        (user, password) as they came

refuse is the answer instead of a connection: a reply code of SOCKS5 (5 is "connection refused") or an HTTP status.
silent: it takes connections and says nothing. Every name is taken to be 127.0.0.1.

    with Way(path, port):   # a Unix socket that leads to a port of 127.0.0.1
"""

import base64
import socket
import struct
import threading


class Proxy:
    def __init__(self, kind="socks5h", user=None, password=None, refuse=None, silent=False):
        self.kind, self.user, self.password, self.refuse, self.silent = kind, user, password, refuse, silent
        self.asked, self.logins = [], []
        self._open = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.place = f"127.0.0.1:{self.port}"
        self.url = f"{self.kind}://{self.place}"
        self.url_with_login = f"{self.kind}://{self.user}:{self.password}@{self.place}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            self._end(connection)

    def _accept(self):
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    @staticmethod
    def _end(connection):
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _serve(self, connection):
        try:
            if self.silent:
                while connection.recv(4096):
                    pass
                return
            handshake = self._connect if self.kind == "http" else self._socks
            target = handshake(connection)
            if target is not None:
                self._carry(connection, target)
        except (OSError, ValueError):
            pass
        finally:
            self._end(connection)

    def _reach(self, host, port):
        self.asked.append((host, port))
        if self.refuse is not None:
            return None
        target = socket.create_connection((host if host[0].isdigit() else "127.0.0.1", port), 5)
        self._open.append(target)
        return target

    def _socks(self, connection):
        def read(count):
            taken = connection.recv(count, socket.MSG_WAITALL)
            if len(taken) < count:
                raise ValueError("half a request")
            return taken
        methods = read(read(2)[1])
        if self.user is not None:
            if 2 not in methods:
                connection.sendall(b"\5\xff")
                return None
            connection.sendall(b"\5\2")
            user = read(read(2)[1]).decode()
            password = read(read(1)[0]).decode()
            self.logins.append((user, password))
            good = (user, password) == (self.user, self.password)
            connection.sendall(b"\1\0" if good else b"\1\1")
            if not good:
                return None
        else:
            connection.sendall(b"\5\0")
        kind = read(4)[3]
        host = {1: lambda: socket.inet_ntoa(read(4)), 3: lambda: read(read(1)[0]).decode(),
                4: lambda: socket.inet_ntop(socket.AF_INET6, read(16))}[kind]()
        try:
            target = self._reach(host, struct.unpack(">H", read(2))[0])
            answer = self.refuse or 0
        except OSError:
            target, answer = None, 5
        connection.sendall(bytes([5, answer, 0, 1, 0, 0, 0, 0, 0, 0]))
        return target

    def _connect(self, connection):
        request = b""
        while b"\r\n\r\n" not in request:
            more = connection.recv(4096)
            if not more:
                return None
            request += more
        first, *fields = request.decode("latin-1").split("\r\n")
        login = next((base64.b64decode(field.split()[-1]).decode() for field in fields
                      if field.lower().startswith("proxy-authorization: basic")), None)
        if login is not None:
            self.logins.append(tuple(login.split(":", 1)))
        if self.user is not None and login != f"{self.user}:{self.password}":
            connection.sendall(b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=x\r\n"
                               b"Content-Length: 0\r\n\r\n")
            return None
        host, port = first.split()[1].rsplit(":", 1)
        try:
            target = self._reach(host, int(port))
        except OSError:
            target = None
        status = b"200 Connection established" if target else b"%d No way" % (self.refuse or 502)
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nX-Proxy: yes\r\n\r\n")
        return target

    def _carry(self, one, other):
        def pump(source, sink):
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        back = threading.Thread(target=pump, args=(other, one), daemon=True)
        back.start()
        pump(one, other)
        back.join()


class Way(Proxy):
    def __init__(self, path, port):
        super().__init__()
        self.path, self.target = path, port

    def __enter__(self):
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def _socks(self, connection):
        return self._reach("127.0.0.1", self.target)
