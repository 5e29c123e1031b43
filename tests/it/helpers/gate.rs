//! A way by TCP to the database of a test, as a proxy before a cluster is: it leads there, leads nowhere, or falls silent.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, UnixStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// What becomes of whoever comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Leads,
    /// Taken and ended, as by a proxy that has no server to lead to.
    LeadsNowhere,
}

pub struct Gate {
    pub options: PgConnectOptions,
    shared: Arc<Mutex<(Manner, Open)>>,
    accepting: JoinHandle<()>,
}

/// Ends, or silences, the connections that were made while it was the one.
#[derive(Clone, Default)]
struct Open {
    ended: CancellationToken,
    silent: CancellationToken,
}

impl Gate {
    /// To the server that listens on a socket at `options`.
    pub async fn to(options: PgConnectOptions) -> Gate {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let socket = options.get_socket().unwrap().join(format!(".s.PGSQL.{}", options.get_port()));
        let shared = Arc::new(Mutex::new((Manner::Leads, Open::default())));
        let here = Arc::clone(&shared);
        let accepting = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (manner, open) = here.lock().unwrap().clone();
                if manner == Manner::LeadsNowhere {
                    continue;
                }
                let socket: PathBuf = socket.clone();
                tokio::spawn(async move {
                    let Ok(mut server) = UnixStream::connect(socket).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                        () = open.ended.cancelled() => {}
                        // Both ends stay, and nothing passes any more.
                        () = open.silent.cancelled() => open.ended.cancelled().await,
                    }
                });
            }
        });
        // Asked about TLS by default, as in production, where a proxy that ends a connection answers that question.
        let database = options.get_database().unwrap().to_owned();
        let by_tcp = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(port).database(&database);
        Gate { options: by_tcp.username(options.get_username()), shared, accepting }
    }

    /// Ends what is open, and whoever comes.
    pub fn leads_nowhere(&self) {
        let mut shared = self.shared.lock().unwrap();
        shared.0 = Manner::LeadsNowhere;
        shared.1.ended.cancel();
    }

    /// Nothing passes on the connections that are open; new ones are led there, as where another machine took the address over.
    pub fn silences_what_is_open(&self) {
        let mut shared = self.shared.lock().unwrap();
        shared.1.silent.cancel();
        shared.1 = Open::default();
    }

    pub fn leads_again(&self) {
        *self.shared.lock().unwrap() = (Manner::Leads, Open::default());
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.accepting.abort();
        self.shared.lock().unwrap().1.ended.cancel();
    }
}
