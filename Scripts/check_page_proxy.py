"""The only way out of the browser of check-page: a proxy that passes on what the exporter at ORIGIN has and refuses everything
else, as browsers have much to ask at home; it weighs what it passes on, and puts SCRIPT in front of the scripts of every page.

Usage: check_page_proxy.py ORIGIN SCRIPT; prints its port, then for each GET a line 'STATUS BYTES PATH'."""
import http.client
import http.server
import re
import sys
import urllib.parse

origin, script = urllib.parse.urlsplit(sys.argv[1]), sys.argv[2]
SCRIPT_PATH = "/assets/check.js"
OF_CONNECTION = {"accept-encoding", "connection", "content-length", "proxy-connection", "transfer-encoding"}


def of_message(headers):
    return [(name, value) for name, value in headers if name.lower() not in OF_CONNECTION]


class Proxy(http.server.BaseHTTPRequestHandler):
    def do_CONNECT(self):
        self.answer(403, [], b"")

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.netloc != origin.netloc:
            return self.answer(403, [], b"")
        if url.path == SCRIPT_PATH:
            with open(script, "rb") as file:
                return self.answer(200, [("Content-Type", "text/javascript")], file.read(), url)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        upstream = http.client.HTTPConnection(origin.netloc, timeout=20)
        upstream.request(self.command, url.path, body, dict(of_message(self.headers.items())))
        answer = upstream.getresponse()
        headers, type = of_message(answer.getheaders()), answer.headers.get_content_type()
        # A stream of events would keep the virtual time of the browser from passing.
        content = b"" if type == "text/event-stream" else answer.read()
        self.answer(answer.status, headers, content, url, is_page=type == "text/html")

    do_POST = do_DELETE = do_GET

    def answer(self, status, headers, body, url=None, is_page=False):
        if url and self.command == "GET":
            print(status, len(body), urllib.parse.urlunsplit(("", "", *url[2:4], "")), flush=True)
        if is_page:
            body = re.sub(b"(?=<script)", f'<script defer src="{SCRIPT_PATH}"></script>'.encode(), body, count=1)
        self.send_response_only(status)
        for name, value in headers + [("Content-Length", str(len(body))), ("Connection", "close")]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A browser hangs up whenever it likes."""


server = Server(("127.0.0.1", 0), Proxy)
print(server.server_address[1], flush=True)
server.serve_forever()
