//! A real name server on a port of its own: answers TXT, MX and NS questions over UDP with what a test tells it to, lies,
//! or keeps silent.

use std::{
    collections::{HashMap, VecDeque},
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use hickory_resolver::proto::{
    op::{Message, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, MX, NS, TXT},
    },
};
use tokio::net::UdpSocket;

#[derive(Clone, Debug, Default)]
struct Zone {
    /// By name without the dot at the end: the strings of each TXT record.
    texts: HashMap<String, Vec<Vec<String>>>,
    /// By name without the dot at the end: the mail servers; `.` alone for a null MX.
    mail_servers: HashMap<String, Vec<String>>,
    /// By name without the dot at the end: its name servers.
    name_servers: HashMap<String, Vec<String>>,
    /// By name without the dot at the end: what it says to each question for an address, one after another; the last for ever.
    addresses: HashMap<String, VecDeque<Vec<Ipv4Addr>>>,
    fails: bool,
    is_silent: bool,
    /// How many questions were asked.
    asked: usize,
    /// Names and types asked for, in this order.
    questions: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct NameServer {
    pub address: SocketAddr,
    zone: Arc<Mutex<Zone>>,
}

impl NameServer {
    pub async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let server = Self { address: socket.local_addr().unwrap(), zone: Arc::default() };
        let zone = server.zone.clone();
        actix_web::rt::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok((length, asker)) = socket.recv_from(&mut buffer).await {
                let question = Message::from_vec(&buffer[..length]).unwrap();
                let (answer, is_silent) = {
                    let mut zone = zone.lock().unwrap();
                    (zone.answer(&question), zone.is_silent)
                };
                if is_silent {
                    continue;
                }
                let _ = socket.send_to(&answer.to_vec().unwrap(), asker).await;
            }
        });
        server
    }

    /// The server has this TXT record, made of several strings.
    pub fn sets(&self, name: &str, strings: &[&str]) {
        let strings = strings.iter().map(|part| (*part).to_owned()).collect();
        self.zone.lock().unwrap().texts.entry(name.to_owned()).or_default().push(strings);
    }

    pub fn removes(&self, name: &str) {
        self.zone.lock().unwrap().texts.remove(name);
    }

    /// The domain names this mail server; `.` says that it takes no mail.
    pub fn names_mail_server(&self, domain: &str, server: &str) {
        let mut zone = self.zone.lock().unwrap();
        zone.mail_servers.entry(domain.to_owned()).or_default().push(server.to_owned());
    }

    /// From now on the domain has exactly these mail servers; none at all where there are none.
    pub fn has_mail_servers(&self, domain: &str, servers: &[&str]) {
        let servers = servers.iter().map(|server| (*server).to_owned()).collect();
        self.zone.lock().unwrap().mail_servers.insert(domain.to_owned(), servers);
    }

    /// From now on the domain exists and has exactly these name servers.
    pub fn has_name_servers(&self, domain: &str, servers: &[&str]) {
        let servers = servers.iter().map(|server| (*server).to_owned()).collect();
        self.zone.lock().unwrap().name_servers.insert(domain.to_owned(), servers);
    }

    /// What it says to each question for the address of `name`, one after another; the last for ever.
    pub fn says_addresses(&self, name: &str, answers: &[&[&str]]) {
        let read = |answer: &&[&str]| answer.iter().map(|text| text.parse().unwrap()).collect();
        let answers = answers.iter().map(read).collect();
        self.zone.lock().unwrap().addresses.insert(name.to_owned(), answers);
    }

    /// The domain does not exist any more.
    pub fn forgets(&self, domain: &str) {
        let mut zone = self.zone.lock().unwrap();
        zone.texts.remove(domain);
        zone.mail_servers.remove(domain);
        zone.name_servers.remove(domain);
    }

    /// Takes questions and answers none.
    pub fn keeps_silent(&self, is_silent: bool) {
        self.zone.lock().unwrap().is_silent = is_silent;
    }

    /// What was asked so far, as `NS nordlicht.example`.
    pub fn questions(&self) -> Vec<String> {
        self.zone.lock().unwrap().questions.clone()
    }

    /// How many questions were asked so far.
    pub fn asked(&self) -> usize {
        self.zone.lock().unwrap().asked
    }

    pub fn fails(&self, fails: bool) {
        self.zone.lock().unwrap().fails = fails;
    }
}

impl Zone {
    fn answer(&mut self, question: &Message) -> Message {
        self.asked += 1;
        let query = question.queries[0].clone();
        let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
        answer.add_query(query.clone());
        let name = query.name().to_ascii().trim_end_matches('.').to_lowercase();
        self.questions.push(format!("{} {name}", query.query_type()));
        let data: Vec<RData> = match query.query_type() {
            RecordType::TXT => {
                let records = self.texts.get(&name).into_iter().flatten();
                records.map(|strings| RData::TXT(TXT::new(strings.clone()))).collect()
            }
            RecordType::MX => {
                let servers = self.mail_servers.get(&name).into_iter().flatten();
                servers.map(|server| RData::MX(MX::new(10, Name::from_ascii(server).unwrap()))).collect()
            }
            RecordType::NS => {
                let servers = self.name_servers.get(&name).into_iter().flatten();
                servers.map(|server| RData::NS(NS(Name::from_ascii(server).unwrap()))).collect()
            }
            RecordType::A => {
                let said = self.addresses.get_mut(&name).map(|answers| {
                    if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() }
                });
                said.into_iter().flatten().map(|address| RData::A(A(address))).collect()
            }
            _ => Vec::new(),
        };
        let known = self.texts.contains_key(&name)
            || self.mail_servers.contains_key(&name)
            || self.name_servers.contains_key(&name)
            || self.addresses.contains_key(&name);
        answer.metadata.response_code = match (self.fails, known) {
            (true, _) => ResponseCode::ServFail,
            (false, true) => ResponseCode::NoError,
            (false, false) => ResponseCode::NXDomain,
        };
        if !self.fails {
            let records = data.into_iter().map(|data| Record::from_rdata(query.name().clone(), 60, data));
            answer.answers.extend(records);
        }
        answer
    }
}
