"""Kills the primary under load, round after round, and holds what is there at the end against what was acknowledged. `bin/cluster` runs it.

    trial.py --program PROGRAM --work FOLDER [--rounds 30] [--minutes 120] [--clients 4]
"""

import argparse
import base64
import collections
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

from load import Load
from machines import ADDRESSES, APPS, DATABASES, Cluster

KINDS = ("kill", "cut off", "switchover", "freeze")
# Handover's own share of being back.
SHARE = 5
LEASE = 30


def say(line):
    print(time.strftime("%H:%M:%S"), line, flush=True)


def settle_in(cluster):
    """Machines, databases, schema, settings, both applications."""
    cluster.connect()
    cluster.certify()
    for node in DATABASES:
        cluster.start_etcd(node)
    for node in DATABASES:
        cluster.start_patroni(node)
        if node == "db1":
            wait_for(lambda: cluster.leader(), 120, "a first primary")
    cluster.wait_until_whole(180)
    leader = cluster.leader()
    for sql in ("create role handover_owner login password 'for-a-trial-4'", "create role handover login password 'for-a-trial-5'",
                "create database handover owner handover_owner"):
        cluster.ask(leader, sql)
    cluster.ask(leader, "revoke execute on function pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), "
                        "pg_catalog.lo_from_bytea(oid, bytea) from public", "handover")
    for machine in ("web", *APPS):
        cluster.home(machine).mkdir(exist_ok=True)
        shutil.copy(cluster.work / "certificates/ca.crt", cluster.home(machine))
    settings = (cluster.examples.parent.parent / "config/production.example.toml").read_text()
    for old, new in (
        ("Your Company", "Name"), ("your-company.example", "customer-name.test"), ("P-000000", "P-1"),
        ("the-address-atlassian-gave-you@vendor.example", "licensing@vendor.test"), ('host = "127.0.0.1"', 'host = "0.0.0.0"'),
        ('host = "smtp.customer-name.test"', 'host = "127.0.0.1"'), ("port = 587", "port = 2525"), ('tls = "starttls"', 'tls = "none"'),
        # Forms of this trial come from one address, and letters are tried again soon.
        ("behind_proxy = true", "behind_proxy = true\nforms_per_minute = 6000\nforms_burst = 6000"),
        ('transport = "smtp"', f'transport = "smtp"\nlease_seconds = {LEASE}'),
        ("port = 2525", "port = 2525\ntimeout_seconds = 10"),
    ):
        assert old in settings, old
        settings = settings.replace(old, new)
    settings += "\n[limits]\nform_letters_per_network = 1000\nform_letters_alarm = 100000\n"
    random = lambda: base64.b64encode(os.urandom(32)).decode()
    address = "@database.internal/handover?sslmode=verify-full&sslrootcert="
    secrets = {"database-url": None, "key": random(), "evidence-keys": f"2026-1:{random()}", "log-signing-keys": random(),
               "smtp-password": random()}
    for app in APPS:
        home = cluster.home(app)
        (home / "handover.toml").write_text(settings)
        (home / "credentials").mkdir()
        for name, value in secrets.items():
            secret = home / "credentials" / name
            secret.write_text(value or f"postgres://handover:for-a-trial-5{address}{home}/ca.crt")
            secret.chmod(0o600)
        cluster.start_haproxy(app, "haproxy-database.cfg")
        cluster.start(app, "mail", "/usr/bin/python3", str(cluster.examples / "sink.py"), "2525", str(home / "mail.jsonl"))
    time.sleep(3)
    owner = f"postgres://handover_owner:for-a-trial-4{address}{cluster.home('app1')}/ca.crt"
    handover(cluster, "migrate", HANDOVER__DATABASE__OWNER_URL=owner)
    cluster.ask(leader, "create table bare_probes (at timestamptz); alter table bare_probes owner to handover_owner", "handover")
    for app in APPS:
        for part in ("serve", "work"):
            cluster.start_app(app, part)
    cluster.start_haproxy("web", "haproxy-web.cfg")


def handover(cluster, *arguments, **env):
    home = cluster.home("app1")
    env = os.environ | {"HANDOVER_CONFIG": str(home / "handover.toml"), "HANDOVER__DATA_DIR": str(home / "data-hand")} | env
    return cluster.inside("app1", str(cluster.program), *arguments, env=env, timeout=900)


def wait_for(there, seconds, what):
    until = time.monotonic() + seconds
    while not (found := there()):
        if time.monotonic() > until:
            raise SystemExit(f"{what} did not come within {seconds} s")
        time.sleep(0.2)
    return found


class Letters:
    """What came to the mail servers of both, in the order of each."""

    def __init__(self, cluster):
        self.files = {app: cluster.home(app) / "mail.jsonl" for app in APPS}
        self.read = {app: (0, []) for app in APPS}
        self.lock = threading.Lock()

    def __call__(self, app=None):
        with self.lock:
            for one in (app,) if app else APPS:
                at, kept = self.read[one]
                if self.files[one].exists():
                    with self.files[one].open("rb") as file:
                        file.seek(at)
                        new = file.read()
                    whole = new[: new.rfind(b"\n") + 1]
                    kept.extend(json.loads(line) for line in whole.splitlines())
                    self.read[one] = (at + len(whole), kept)
            return [kept for one in ((app,) if app else APPS) for kept in self.read[one][1]]


def harm(cluster, kind, node):
    """What happens to the primary, and what mends it later."""
    if kind == "kill":
        cluster.signal(node, signal.SIGKILL, {"patroni", "postgres"})
        return lambda: cluster.start_patroni(node)
    if kind == "cut off":
        cluster.cut(node)
        return lambda: cluster.cut(node, off=False)
    if kind == "freeze":
        cluster.signal(node, signal.SIGSTOP)
        return lambda: cluster.signal(node, signal.SIGCONT)
    threading.Thread(target=switch_over, args=(cluster, node), daemon=True).start()
    return lambda: None


def switch_over(cluster, node):
    """As somebody does by hand, who tries again where Patroni is not ready for it."""
    for _ in range(5):
        try:
            cluster.inside(node, "setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "/usr/bin/patronictl",
                           "-c", str(cluster.home(node) / "patroni.yml"), "switchover", "--master", node, "--force", timeout=60)
            return
        except subprocess.SubprocessError as error:
            say(f"the switchover is tried again: {getattr(error, 'stdout', '')}")
            time.sleep(2)


def go_round(cluster, load, number, kind):
    cluster.wait_until_whole(180)
    time.sleep(1)
    old = wait_for(cluster.leader, 60, "a primary")
    address = f"10.77.0.{ADDRESSES[old]}"
    before = time.time()
    mend = harm(cluster, kind, old)
    another = lambda: min((end for begun, end, server in list(load.probes) if begun > before and server != address), default=None)
    cluster_back = wait_for(another, 120, "another primary")
    ours = lambda: min((at for at in list(load.acknowledged.values()) if at > cluster_back), default=None)
    handover_back = wait_for(ours, 120, "an acknowledged escalation")
    time.sleep(1)
    mend()
    said = collections.Counter(status for begun, end, status, *_ in list(load.answers) if begun > before)
    slowest = max((end - begun for begun, end, *_ in list(load.answers) if begun > before), default=0)
    found = {"round": number, "kind": kind, "from": old, "to": cluster.leader(), "cluster": cluster_back - before,
             "handover": handover_back - cluster_back, "slowest": slowest, "said": dict(said)}
    say(f"{number:>3} {kind:<10} {old} → {found['to']}  cluster {found['cluster']:6.1f} s  Handover + {found['handover']:4.1f} s  "
        f"slowest answer {slowest:4.1f} s  answers {found['said']}")
    return found


def split_brain(cluster, letters, number, app):
    """A worker is stopped in the middle of a conversation, for longer than its lease; the other takes over; the first wakes up."""
    other = next(name for name in APPS if name != app)
    hold = cluster.home(app) / "mail.jsonl.hold"
    known = len(letters(app))
    hold.touch()
    wait_for(lambda: len(letters(app)) > known, 120, "a letter to stop at")
    begun = [kept["id"] for kept in letters(app)][known:]
    pid = cluster.processes[app, "work"].pid
    os.kill(pid, signal.SIGSTOP)
    hold.unlink()
    taken_over = lambda: set(begun) & {kept["id"] for kept in letters(other)}
    wait_for(taken_over, LEASE * 3 + 60, "the other worker")
    time.sleep(5)
    settled = set(cluster.ask(cluster.leader(), "select message_id from emails where settled_at is not null", "handover").split())
    woke = time.time()
    os.kill(pid, signal.SIGCONT)
    time.sleep(10)
    again = [kept for kept in letters() if kept["begun"] > woke and kept["id"].strip("<>") in {one.strip("<>") for one in settled}]
    say(f"split brain of a worker {number} ({app}): {len(begun)} conversations under way, {len(taken_over())} taken over, "
        f"{len(again)} sent again after they were settled")
    return len(again)


def verdict(cluster, letters, load, rounds, sent_again):
    broken = []

    def rule(name, value, good):
        print(f"  {'ok    ' if good else 'BROKEN'} {name}: {value}", flush=True)
        if not good:
            broken.append(name)

    leader = cluster.leader()
    query = lambda sql: [line.split("|") for line in cluster.ask(leader, sql, "handover").splitlines()]
    companies = collections.Counter(name.split()[0] for [name] in query("select company from escalations"))
    acknowledged = set(load.acknowledged)
    print()
    rule("acknowledged escalations", len(acknowledged), len(acknowledged) >= len(rounds))
    rule("of them not there", len([mark for mark in acknowledged if companies[mark] == 0]), all(companies[mark] for mark in acknowledged))
    twice = [mark for mark, count in companies.items() if count != 1]
    rule("there more than once", len(twice), not twice)
    rule("there that nobody sent", len(set(companies) - load.tried), set(companies) <= load.tried)
    waiting = {row[0].split()[0].lower() for row in query("select company from escalations join cases on id = case_id where state = 'unconfirmed'")}
    rule("acknowledged confirmations", len(load.confirmed), bool(load.confirmed))
    rule("of them lost", len(load.confirmed & waiting), not load.confirmed & waiting)

    bare = lambda text: text.strip("<>")
    frozen = {bare(name): (state, digest) for name, state, digest in query("select message_id, state, encode(digest, 'hex') from emails")}
    came = collections.defaultdict(list)
    for kept in letters():
        came[bare(kept["id"])].append(kept)
    rule("e-mails frozen", len(frozen), bool(frozen))
    rule("of them not sent", sum(state != "sent" for state, _ in frozen.values()), all(state == "sent" for state, _ in frozen.values()))
    rule("of them lost", len(set(frozen) - set(came)), set(frozen) <= set(came))
    rule("received that nobody froze", len(set(came) - set(frozen)), set(came) <= set(frozen))
    repeated = {name: kept for name, kept in came.items() if len(kept) > 1}
    same = all(one["digest"] == frozen[name][1] for name, kept in came.items() if name in frozen for one in kept)
    rule("received more than once, under one Message-ID", len(repeated), True)
    rule("each with the frozen bytes", same, same)
    letters_per_case = query("select correlation_id, notification, envelope_to, count(*) from emails group by 1, 2, 3 having count(*) > 1")
    rule("letters of one kind twice in a case", len(letters_per_case), not letters_per_case)
    rule("sent again after they were settled", sum(sent_again), not any(sent_again))

    said = collections.Counter(status for _, _, status, _ in load.answers)
    rule("answers", dict(sorted(said.items())), True)
    rule("without one", dict(collections.Counter(why for *_, why in load.answers if why)), True)
    rule("answers 500", said[500], not said[500])
    late = [found for found in rounds if found["handover"] > SHARE]
    rule(f"rounds in which Handover took more than {SHARE} s of its own", len(late), not late)
    for kind in KINDS:
        of_kind = [found for found in rounds if found["kind"] == kind]
        if of_kind:
            line = lambda key: (f"median {statistics.median(found[key] for found in of_kind):.1f} s, "
                                f"longest {max(found[key] for found in of_kind):.1f} s")
            print(f"  {kind:<10} {len(of_kind):>2} rounds: cluster {line('cluster')}; Handover + {line('handover')}; "
                  f"slowest answer {max(found['slowest'] for found in of_kind):.1f} s")
    try:
        said = handover(cluster, "audit", "verify").strip().splitlines()
        rule("audit verify", said[-1] if said else "", True)
    except Exception as error:
        rule("audit verify", getattr(error, "stdout", "") or error, False)
    return broken


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", type=pathlib.Path, required=True)
    arguments.add_argument("--work", type=pathlib.Path, required=True)
    arguments.add_argument("--rounds", type=int, default=30)
    arguments.add_argument("--clients", type=int, default=4)
    arguments.add_argument("--minutes", type=float, default=120)
    asked = arguments.parse_args()
    cluster = Cluster(asked.work, pathlib.Path(__file__).resolve().parent, asked.program)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    try:
        say("three machines for the database, two for Handover, one in front")
        settle_in(cluster)
        letters = Letters(cluster)
        load = Load(letters)
        load.begin(asked.clients)
        wait_for(lambda: load.acknowledged, 120, "a first acknowledged escalation")
        say("the first escalation was acknowledged")
        rounds, until = [], time.monotonic() + asked.minutes * 60
        while len(rounds) < asked.rounds and time.monotonic() < until:
            rounds.append(go_round(cluster, load, len(rounds) + 1, KINDS[len(rounds) % len(KINDS)]))
        sent_again = [split_brain(cluster, letters, number, app) for number, app in enumerate(APPS, 1)]
        load.end()
        cluster.wait_until_whole(180)
        say("the load has ended; what waits is sent")
        queued = lambda: cluster.ask(cluster.leader(), "select count(*) from emails where state = 'queued'", "handover") == "0"
        wait_for(queued, LEASE * 4 + 120, "the last letter")
        time.sleep(5)
        broken = verdict(cluster, letters, load, rounds, sent_again)
    finally:
        cluster.end()
    if broken:
        sys.exit(f"{len(broken)} rules are broken: {', '.join(broken)}")
    print("All is well.")


if __name__ == "__main__":
    main()
