//! Granting the services their rights, as an installation meets it: a new one, one from before there was this list, one in which
//! somebody was generous; and what `doctor` and a start say of a role that can do more.

use std::{
    io::{BufRead as _, BufReader},
    process::{Output, Stdio},
};

use handover::{
    migrations::MIGRATIONS,
    postgres::{SERVICE_ROLE, Server},
    privileges,
};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgPool};
use tempfile::TempDir;

use crate::helpers::{
    command::{self, production, text},
    postgres::Database,
};

/// An installation with an owner who is no superuser, and a role for the services; both go with it.
struct Installation {
    database: Database,
    data: TempDir,
    superuser: PgPool,
    owner: String,
    services: String,
}

impl Installation {
    /// An empty database, with both roles made as docs/OPERATIONS.md says.
    async fn new() -> Self {
        let (database, data) = (Database::create().await, TempDir::new().unwrap());
        let superuser = database.pool().await;
        let id = uuid::Uuid::new_v4().simple();
        let (owner, services) = (format!("owner_{id}"), format!("services_{id}"));
        let place = Self { database, data, superuser, owner, services };
        place
            .run(
                "drop schema public cascade; create role OWNER login; create role SERVICES login;
                 alter database THIS owner to OWNER; create schema public authorization OWNER;
                 grant temporary on database THIS to public",
            )
            .await;
        place
    }

    async fn run(&self, sql: &str) {
        let name: String =
            sqlx::query_scalar("select current_database()").fetch_one(&self.superuser).await.unwrap();
        let sql =
            sql.replace("OWNER", &self.owner).replace("SERVICES", &self.services).replace("THIS", &name);
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.superuser).await.unwrap();
    }

    fn url_of(&self, role: &str) -> String {
        self.database.connect_options().username(role).to_url_lossy().into()
    }

    /// With both addresses, as whoever migrates has them.
    fn as_owner(&self, arguments: &[&str]) -> Output {
        let mut started = production(self.data.path(), &self.url_of(&self.services));
        started.args(arguments).env("HANDOVER__DATABASE__OWNER_URL", self.url_of(&self.owner));
        started.output().unwrap()
    }

    /// With the services' address alone.
    fn as_services(&self, arguments: &[&str]) -> Output {
        production(self.data.path(), &self.url_of(&self.services)).args(arguments).output().unwrap()
    }

    async fn look(&self) -> privileges::Standing {
        let options = self.database.connect_options().username(&self.services);
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        let standing = privileges::look(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        standing
    }

    async fn end(self) {
        self.run(
            "drop schema public cascade; create schema public; drop owned by OWNER, SERVICES; alter database THIS owner to postgres;
             drop role OWNER, SERVICES",
        )
        .await;
    }
}

#[tokio::test]
async fn a_new_installation_is_granted_by_migrating_it() {
    let place = Installation::new().await;
    let migrated = place.as_owner(&["migrate"]);
    let said = text(&migrated);
    assert!(migrated.status.success(), "{said}");
    for line in [
        "case_events: select, insert\n",
        "case_waits: select, insert, update (due_at, until)\n",
        "_sqlx_migrations: select\n",
        "revoke temporary, create on database",
        "The database has this program's schema.",
    ] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    let standing = place.look().await;
    assert_eq!((standing.lacking, standing.over), (Vec::new(), Vec::new()));
    for arguments in [["audit", "verify"], ["staff", "list"]] {
        let done = place.as_services(&arguments);
        assert!(done.status.success(), "{}", text(&done));
    }
    // The services can't, whatever they are told.
    let refused = place.as_services(&["database", "grants", &place.services]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused).contains("only the owner of the tables can grant"), "{}", text(&refused));
    // Nothing is done twice.
    let again = place.as_owner(&["database", "grants", &place.services]);
    assert!(text(&again).contains("has what the services need, and nothing besides"), "{}", text(&again));
    for (role, why) in [
        ("nobody_of_that_name", "create role \"nobody_of_that_name\" login"),
        (place.owner.as_str(), "owns tables"),
        ("postgres", "is a superuser"),
    ] {
        let refused = place.as_owner(&["database", "grants", role]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(text(&refused).contains(why), "{why}: {}", text(&refused));
    }
    place.end().await;
}

/// As docs/OPERATIONS.md once said: every right on every table of today and tomorrow.
#[tokio::test]
async fn an_installation_from_before_is_granted_down() {
    let place = Installation::new().await;
    place
        .run(
            "alter default privileges for role OWNER grant select, insert, update, delete on tables to SERVICES;
             alter default privileges for role OWNER grant usage on sequences to SERVICES;
             grant usage, create on schema public to SERVICES; grant execute on function pg_catalog.lo_create(oid) to public",
        )
        .await;
    let owner = place.database.connect_options().username(&place.owner);
    let mut connection = PgConnection::connect_with(&owner).await.unwrap();
    MIGRATIONS.run(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    place
        .run("grant update on case_events to public; grant select on sessions to SERVICES with grant option")
        .await;

    let standing = place.look().await;
    let over = standing.over.join("\n");
    for word in [
        "delete approvals",
        "update case_events",
        "usage deliveries_id_seq",
        "temporary",
        "large objects",
        "create in",
    ] {
        assert!(over.contains(word), "{word} is not in {over}");
    }
    // Such services start, and are complained of.
    let doctor = text(&place.as_services(&["doctor"]));
    assert!(doctor.contains("warning: it may do what no service needs: "), "{doctor}");
    assert!(doctor.contains(&format!("run `handover database grants {}`", place.services)), "{doctor}");

    let granted = place.as_owner(&["database", "grants", &place.services]);
    let said = text(&granted);
    assert!(granted.status.success(), "{said}");
    assert!(said.contains("alter default privileges revoke all on tables"), "{said}");
    assert!(
        said.contains(
            "left to do, in this database, for its owner or a superuser: revoke execute on function"
        ),
        "{said}"
    );
    let over = place.look().await.over;
    assert!(
        over.len() == 1 && over[0].contains("as a superuser, in this database, revoke execute"),
        "{over:?}"
    );
    place.run("revoke execute on function pg_catalog.lo_create(oid) from public").await;
    let standing = place.look().await;
    assert_eq!((standing.lacking, standing.over), (Vec::new(), Vec::new()));

    // A table of tomorrow is not theirs by itself, and one of somebody else's never.
    place.run("set role OWNER; create table of_tomorrow (a int); reset role; create table somebody_elses (a int)").await;
    assert_eq!(place.look().await.over, [""; 0]);
    place.run("grant select on of_tomorrow, somebody_elses to SERVICES").await;
    let said = text(&place.as_owner(&["migrate"]));
    assert!(said.contains("of_tomorrow: nothing\n"), "{said}");
    assert!(said.contains("left to the owner of somebody_elses: revoke all"), "{said}");
    place.end().await;
}

#[tokio::test]
async fn whatever_a_role_can_do_beyond_is_told_with_the_way_to_mend_it() {
    let place = Installation::new().await;
    assert!(place.as_owner(&["migrate"]).status.success());
    for (given, taken, word) in [
        ("grant truncate on case_events to SERVICES", "", "truncate case_events"),
        ("grant update (kind) on case_notes to SERVICES", "", "update case_notes.kind"),
        ("grant trigger on approvals to SERVICES", "", "trigger approvals"),
        ("grant create on schema public to SERVICES", "", "it may create in the schema public"),
        ("grant temporary on database THIS to SERVICES", "", "temporary"),
        (
            "grant pg_write_all_data to SERVICES",
            "revoke pg_write_all_data from SERVICES",
            "member of pg_write_all_data",
        ),
        (
            "grant pg_execute_server_program to SERVICES",
            "revoke pg_execute_server_program from SERVICES",
            "member of pg_execute_server_program",
        ),
        (
            "grant set on parameter session_replication_role to SERVICES",
            "revoke set on parameter session_replication_role from SERVICES",
            "session_replication_role",
        ),
        ("alter role SERVICES createrole", "alter role SERVICES nocreaterole", "nocreaterole"),
        ("grant OWNER to SERVICES", "revoke OWNER from SERVICES", "is a member of who does"),
        (
            "create function f() returns int language sql security definer as 'select 1'; alter function f() owner to OWNER",
            "",
            "it may call f()",
        ),
    ] {
        place.run(given).await;
        let over = place.look().await.over.join("\n");
        assert!(over.contains(word), "{given}: {word} is not in {over}");
        if taken.is_empty() {
            let granted = place.as_owner(&["database", "grants", &place.services]);
            assert!(granted.status.success(), "{}", text(&granted));
        } else {
            place.run(taken).await;
        }
        assert_eq!(place.look().await.over, [""; 0], "{given} was not mended");
    }
    place.run("drop function f()").await;

    // The services as the owner, and the services with the owner's address: told, though nothing else is wrong.
    let owner = production(place.data.path(), &place.url_of(&place.owner)).arg("doctor").output().unwrap();
    assert!(text(&owner).contains("could switch off what keeps the trail"), "{}", text(&owner));
    let told = text(&place.as_owner(&["doctor"]));
    assert!(told.contains("warning: database.owner_url is set for the services"), "{told}");
    // A start says it, too.
    let mut started = production(place.data.path(), &place.url_of(&place.owner));
    let mut started = started.arg("work").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(started.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("can do more than they need") && line.contains(&place.owner)));
    started.kill().unwrap();
    started.wait().unwrap();
    // And goes no further without what it needs.
    place.run("grant truncate on case_events to SERVICES; revoke insert on case_events from SERVICES").await;
    let refused = place.as_services(&["work"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        text(&refused).contains("may not insert case_events: run `handover database grants"),
        "{}",
        text(&refused)
    );
    place.end().await;
}

/// A private database from before the services had a role of their own gets it at the next start.
#[tokio::test]
async fn a_private_database_from_before_is_brought_up() {
    let data = TempDir::new().unwrap();
    let server = Server::start(data.path(), None).unwrap();
    let mut connection = PgConnection::connect_with(&server.connect_options()).await.unwrap();
    MIGRATIONS.run(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    drop(server);
    let verified = command::handover(data.path()).args(["audit", "verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", text(&verified));

    let server = Server::start(data.path(), None).unwrap();
    let options = server.connect_options().username(SERVICE_ROLE);
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let standing = privileges::look(&mut connection).await.unwrap();
    assert_eq!((standing.role.as_str(), standing.is_superuser), (SERVICE_ROLE, false));
    assert_eq!((standing.lacking, standing.over), (Vec::new(), Vec::new()));
    connection.close().await.unwrap();
}

/// Two who start at once on one database grant one after the other.
#[tokio::test]
async fn two_who_grant_at_once_both_come_to_an_end() {
    let database = Database::create().await;
    sqlx::raw_sql("revoke all on all tables in schema public from handover_service")
        .execute(&database.pool().await)
        .await
        .unwrap();
    let grant = async || {
        let mut connection = PgConnection::connect_with(&database.connect_options()).await.unwrap();
        privileges::grant(&mut connection, SERVICE_ROLE).await.unwrap()
    };
    let (one, other) = tokio::join!(grant(), grant());
    assert!(one.len().min(other.len()) == 0 && one.len().max(other.len()) > 70, "{one:?} {other:?}");
}
