"""What customers do while machines die: they fill in the form, and press the button of the letter that comes.

A form is sent until it is acknowledged, under one request id, as a browser does. Notes what was acknowledged when, and each answer.
"""

import ctypes
import html
import http.client
import os
import re
import threading
import time
import urllib.parse
import uuid

import psycopg2

from machines import PREFIX

PATIENCE = 30


def enter(machine):
    """This thread, and those that it begins, are in the network of `machine` from now on: setns(2), CLONE_NEWNET."""
    space = os.open(f"/run/netns/{PREFIX}{machine}", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(space, 0x40000000):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(space)


def ask(path, fields=None, address=("127.0.0.1", 8080)):
    """Status and page; (0, why) where no answer came, (-503, page) where one says 503 and not when to come again."""
    connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
    headers = {"Accept": "text/html", "Accept-Language": "de"}
    body = None
    if fields is not None:
        body = urllib.parse.urlencode(fields)
        headers |= {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("GET" if fields is None else "POST", path, body, headers)
        answer = connection.getresponse()
        bare = answer.status == 503 and not answer.getheader("Retry-After")
        return -503 if bare else answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return 0, repr(error)
    finally:
        connection.close()


def hidden(page):
    form = page.split('id="escalation"', 1)[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return [(name, html.unescape(value)) for name, value in found]


class Load:
    def __init__(self, letters):
        self.letters = letters
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.acknowledged, self.confirmed, self.tried, self.answers, self.probes = {}, set(), set(), [], []
        self.threads = []

    def begin(self, clients):
        for work in [self.customer] * clients + [self.reader, self.bare]:
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self.threads.append(thread)

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(PATIENCE * 2)

    def insist(self, path, fields, good):
        """Until it is taken: what came of it, or None at the end."""
        while not self.stop.is_set():
            begun = time.time()
            status, page = ask(path, fields)
            with self.lock:
                self.answers.append((begun, time.time(), status, page if status == 0 else ""))
            if status == good:
                return page
            self.stop.wait(0.5)
        return None

    def customer(self):
        enter("web")
        while not self.stop.is_set():
            mark = "M" + uuid.uuid4().hex[:12]
            fields = {
                "requester_name": "Miriam Kessler", "requester_email": f"miriam@{mark.lower()}.example", "requester_position": "Leiterin IT",
                "company": f"{mark} GmbH", "hosting": "data_center", "entitlements": f"SEN-{int(mark[1:9], 16) % 90_000_000 + 10_000_000}",
                "departed_name": "Petra Abend", "departed_email": f"petra@{mark.lower()}.example", "contact_role": "technical",
                "successor_name": "Tobias Rauch", "successor_email": f"tobias@{mark.lower()}.example",
                "explanation": "Frau Abend ist ausgeschieden.", "authority": "true", "privacy": "true", "language": "de",
            }
            if self.insist("/escalations/new", None, 200) is None:
                return
            review = self.insist("/escalations/steps", fields | {"step": "explanation", "go": "next"}, 200)
            if review is None:
                return
            answers = hidden(review)
            assert ("company", f"{mark} GmbH") in answers, review
            self.tried.add(mark)
            if self.insist("/escalations", dict(answers), 303) is not None:
                self.acknowledged[mark] = time.time()
            self.stop.wait(0.5)

    def reader(self):
        """Presses the button of every second letter."""
        enter("web")
        seen = set()
        while not self.stop.is_set():
            for kept in self.letters():
                link = re.search(r"https://\S+?(/confirmations/\S+)", kept["text"])
                if kept["id"] in seen or not link or int(kept["to"][0].split("@m")[1][:2], 16) % 2:
                    continue
                seen.add(kept["id"])
                if self.insist(link[1], {}, 303) is not None:
                    self.confirmed.add(kept["to"][0].split("@")[1].split(".")[0])
            self.stop.wait(1)

    def bare(self):
        """A client without Handover, by the same way, with a connection of its own each time: what the cluster alone takes."""
        enter("app1")
        while not self.stop.is_set():
            threading.Thread(target=self.probe, daemon=True).start()
            self.stop.wait(0.25)

    def probe(self):
        begun = time.time()
        try:
            connection = psycopg2.connect(host="127.0.0.1", port=5432, dbname="handover", user="handover_owner", password="for-a-trial-4",
                                          sslmode="require", connect_timeout=2)
            try:
                with connection, connection.cursor() as cursor:
                    cursor.execute("insert into bare_probes values (now()) returning host(inet_server_addr())")
                    server = cursor.fetchone()[0]
            finally:
                connection.close()
            self.probes.append((begun, time.time(), server))
        except psycopg2.Error:
            pass
