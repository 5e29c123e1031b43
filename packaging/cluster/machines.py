"""Machines of a trial: a network namespace each, on one bridge, with processes that can be killed, frozen and cut off.

    net   the bridge alone        db1, db2, db3   etcd, Patroni, PostgreSQL
    web   HAProxy and clients     app1, app2      HAProxy, `handover serve`, `handover work`, a mail server
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

PREFIX = "hoc-"
DATABASES, APPS = ("db1", "db2", "db3"), ("app1", "app2")
ADDRESSES = {"web": 10, "db1": 11, "db2": 12, "db3": 13, "app1": 21, "app2": 22}
POSTGRES = "/usr/lib/postgresql/15/bin"


def run(*command, **more):
    return subprocess.run(command, check=True, text=True, capture_output=True, **more).stdout


class Cluster:
    def __init__(self, work, examples, program):
        self.work, self.examples, self.program = work, examples, program
        self.processes = {}

    # The network

    def connect(self):
        self.disconnect()
        run("ip", "netns", "add", PREFIX + "net")
        net = ("ip", "-n", PREFIX + "net", "link")
        run(*net, "add", "bridge", "type", "bridge")
        run(*net, "set", "bridge", "up")
        hosts = "127.0.0.1 localhost database.internal\n"
        hosts += "".join(f"10.77.0.{last} {name}\n" for name, last in ADDRESSES.items())
        for name, last in ADDRESSES.items():
            space = PREFIX + name
            names = pathlib.Path("/etc/netns") / space
            names.mkdir(parents=True, exist_ok=True)
            (names / "hosts").write_text(hosts)
            run("ip", "netns", "add", space)
            run(*net, "add", name, "type", "veth", "peer", "name", "eth0", "netns", space)
            run(*net, "set", name, "master", "bridge", "up")
            run("ip", "-n", space, "address", "add", f"10.77.0.{last}/24", "dev", "eth0")
            run("ip", "-n", space, "link", "set", "eth0", "up")
            run("ip", "-n", space, "link", "set", "lo", "up")

    def disconnect(self):
        for name in ("net", *ADDRESSES):
            subprocess.run(["ip", "netns", "del", PREFIX + name], capture_output=True)
            shutil.rmtree(f"/etc/netns/{PREFIX}{name}", ignore_errors=True)

    def cut(self, name, off=True):
        run("ip", "-n", PREFIX + "net", "link", "set", name, "down" if off else "up")

    # Processes

    def start(self, machine, what, *command, user=None, env=None):
        """Started in the namespace; `user` is an account to become."""
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
        log = (self.work / f"{machine}-{what}.log").open("ab")
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home(machine)), "LANG": "C.UTF-8"} | (env or {})
        self.processes[machine, what] = subprocess.Popen(
            ["ip", "netns", "exec", PREFIX + machine, *become, *command], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, env=environment, cwd=self.work, start_new_session=True,
        )

    def inside(self, machine, *command, **more):
        return run("ip", "netns", "exec", PREFIX + machine, *command, **more)

    def pids(self, machine, names=None):
        """Of a machine: all, or those of these programs."""
        for pid in run("ip", "netns", "pids", PREFIX + machine).split():
            try:
                name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
            except OSError:
                continue
            if names is None or name in names:
                yield int(pid)

    def signal(self, machine, signal, names=None):
        for pid in list(self.pids(machine, names)):
            try:
                os.kill(pid, signal)
            except ProcessLookupError:
                pass

    def end(self):
        for machine in ADDRESSES:
            try:
                self.signal(machine, signal.SIGCONT)
                self.signal(machine, signal.SIGKILL)
            except subprocess.CalledProcessError:
                pass
        for process in self.processes.values():
            process.kill()
            process.wait()
        time.sleep(0.5)
        self.disconnect()

    # Certificates: one authority of the cluster's own

    def certify(self):
        folder = self.work / "certificates"
        folder.mkdir()
        quiet = {"cwd": folder}
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=cluster", "-keyout", "ca.key", "-out", "ca.crt", **quiet)
        for node in DATABASES:
            home = self.home(node)
            home.mkdir()
            (home / "extension").write_text(f"subjectAltName=DNS:{node},DNS:database.internal,DNS:localhost,IP:127.0.0.1\n")
            run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={node}",
                "-keyout", home / "node.key", "-out", home / "node.csr", **quiet)
            run("openssl", "x509", "-req", "-in", home / "node.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                "-days", "30", "-extfile", home / "extension", "-out", home / "node.crt", **quiet)
            shutil.copy(folder / "ca.crt", home)
            run("chown", "-R", "postgres:postgres", home)

    def home(self, machine):
        return self.work / machine

    def example(self, name, machine, changes=()):
        """One of the files beside this one, with the folders of the trial."""
        text = (self.examples / name).read_text().replace("/etc/patroni/", f"{self.home(machine)}/")
        for old, new in changes:
            assert old in text, (name, old)
            text = text.replace(old, new)
        file = self.home(machine) / name
        file.write_text(text)
        return file

    # The databases

    def start_etcd(self, node):
        text = self.example("etcd.env", node, [("/var/lib/etcd", str(self.home(node)))]).read_text()
        env = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
        env |= {"ETCD_NAME": node, "ETCD_ADVERTISE_CLIENT_URLS": f"https://{node}:2379",
                "ETCD_INITIAL_ADVERTISE_PEER_URLS": f"https://{node}:2380", "ETCD_UNSUPPORTED_ARCH": ""}
        self.start(node, "etcd", "etcd", user="postgres", env={key: value for key, value in env.items() if value})

    def start_patroni(self, node):
        home = self.home(node)
        file = self.example("patroni.yml", node, [
            ("/var/lib/postgresql/15/handover", f"{home}/data"), ("/var/run/postgresql", str(home)),
        ])
        env = {"PATRONI_NAME": node, "PATRONI_POSTGRESQL_CONNECT_ADDRESS": f"{node}:5432",
               "PATRONI_RESTAPI_CONNECT_ADDRESS": f"{node}:8008", "PATRONI_SUPERUSER_PASSWORD": "for-a-trial-1",
               "PATRONI_REPLICATION_PASSWORD": "for-a-trial-2", "PATRONI_REWIND_PASSWORD": "for-a-trial-3"}
        self.start(node, "patroni", "/usr/bin/patroni", str(file), user="postgres", env=env)

    def ask(self, node, sql, database="postgres"):
        home = self.home(node)
        return self.inside(node, "setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups",
                           f"{POSTGRES}/psql", "-h", str(home), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql,
                           timeout=60).strip()

    def leader(self):
        """Who says so of itself; None where nobody does, or two do. What one says of another may be old."""
        def says_so(node):
            command = ("curl", "-sk", "-m", "2", "-o", "/dev/null", "-w", "%{http_code}", f"https://{node}:8008/primary")
            asked = subprocess.run(["ip", "netns", "exec", PREFIX + "web", *command], capture_output=True, text=True)
            return asked.stdout == "200"

        found = [node for node in DATABASES if says_so(node)]
        return found[0] if len(found) == 1 else None

    def members(self):
        """What the primary's Patroni says: [(name, role, state, timeline)]; empty where there is none."""
        try:
            answer = self.inside("web", "curl", "-sk", "-m", "2", f"https://{self.leader()}:8008/cluster")
            return [(m["name"], m["role"], m["state"], m.get("timeline")) for m in json.loads(answer)["members"]]
        except (subprocess.SubprocessError, ValueError, KeyError):
            return []

    def is_whole(self):
        """A leader and two that follow it, one of them synchronously: nothing is left to mend."""
        found = self.members()
        lines = {timeline for *_, timeline in found}
        roles = sorted(role for _, role, state, _ in found if state in ("running", "streaming"))
        return len(lines) == 1 and roles == ["leader", "replica", "sync_standby"]

    def wait_until_whole(self, seconds):
        until = time.monotonic() + seconds
        while not self.is_whole():
            if time.monotonic() > until:
                raise SystemExit(f"the cluster is not whole after {seconds} s: {self.members()}")
            time.sleep(0.5)

    # What Handover consists of

    def start_app(self, app, part):
        home = self.home(app)
        env = {"HANDOVER_CONFIG": str(home / "handover.toml"), "HANDOVER__DATA_DIR": str(home / f"data-{part}")}
        arguments = ["serve", "--without-worker"] if part == "serve" else ["work"]
        self.start(app, part, str(self.program), *arguments, env=env)

    def start_haproxy(self, machine, name, changes=()):
        file = self.example(name, machine, changes)
        self.start(machine, "haproxy", "/usr/sbin/haproxy", "-db", "-f", str(file))
