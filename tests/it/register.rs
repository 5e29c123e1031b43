//! The register: what an import does to the database.

use std::fmt::Write as _;

use handover::{
    clock::{Clock, Day, Timestamp},
    demo,
    lang::Language,
    register::import::{
        self, Counts, Format, ImportOptions, Mapping, MappingChoice, Pace, Report, TextEncoding,
    },
    shared_domains::SharedDomains,
};
use sqlx::PgPool;

use crate::helpers::{postgres::Database, statements::statements_of};

const HEADER: &str = "customer_number;customer_name;country;domains;sen;entitlement_number;site;product;hosting;\
    renews_on;technical_name;technical_email;technical_phone;billing_name;billing_email;primary";
const NORDLICHT: &str = "K-1;Nordlicht GmbH;DE;nordlicht.example;SEN-10000001;;;Jira;Data Center;2027-03-31;\
    Petra Abend;petra.abend@nordlicht.example;+49 30 23125 101;Jonas Reuter;jonas.reuter@nordlicht.example;technical";
const ALMRAUSCH: &str = "K-2;Almrausch GmbH;AT;almrausch.example;;E-2AA-BCD-EFG-H12;almrausch.atlassian.net;Jira;\
    Cloud;1.4.2027;Vinzenz Hoch;vinzenz@almrausch.example;;Theres Jager;theres@almrausch.example;billing";

/// A register in a database of its own.
struct Desk {
    pool: PgPool,
    /// To stage what no import would write.
    owner: PgPool,
    shared: SharedDomains,
    _database: Database,
}

impl Desk {
    async fn open() -> Self {
        let database = Database::create().await;
        let shared = SharedDomains::new(&["state.example".to_owned()]);
        Self { pool: database.service_pool().await, owner: database.owner(), shared, _database: database }
    }

    async fn import(&self, file: impl AsRef<[u8]>) -> Report {
        self.try_import(file, "handover", false).await.unwrap()
    }

    async fn import_lines(&self, lines: &[&str]) -> Report {
        self.import(csv(lines)).await
    }

    async fn try_import(
        &self,
        file: impl AsRef<[u8]>,
        preset: &str,
        dry_run: bool,
    ) -> anyhow::Result<Report> {
        let mapping = Mapping::load(&MappingChoice::Preset(preset.to_owned())).unwrap();
        import::import(&self.pool, now(), file.as_ref(), &mapping, &self.shared, dry_run).await
    }

    /// Everything in the register, without ids and times.
    async fn contents(&self) -> Vec<String> {
        sqlx::query_scalar(
            "select concat_ws('|', number, name, country,
                (select string_agg(domain, ' ' order by domain) from customer_domains d where d.customer_id = c.id),
                sen, entitlement_number, site, product, hosting, tier, status, starts_on, renews_on,
                (select string_agg(concat_ws(' ', role, k.name, email, phone, is_primary), ', '
                    order by role desc, email) from contacts k where k.entitlement_id = e.id))
            from customers c left join entitlements e on e.customer_id = c.id order by number, sen, entitlement_number",
        )
        .fetch_all(&self.pool)
        .await
        .unwrap()
    }
}

fn csv(lines: &[&str]) -> String {
    format!("{HEADER}\n{}\n", lines.join("\n"))
}

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into()
}

fn today() -> Day {
    jiff::civil::date(2026, 11, 22).into()
}

fn counts(added: usize, changed: usize, unchanged: usize) -> Counts {
    Counts { added, changed, unchanged }
}

/// Line and kind of each refusal.
fn refusals(report: &Report) -> Vec<(u64, &'static str)> {
    let kind = |key: &'static str| key.trim_start_matches("register-refused-");
    report.refused.iter().map(|refused| (refused.line, kind(refused.reason.key()))).collect()
}

#[tokio::test]
async fn an_import_adds_and_the_same_file_again_changes_nothing() {
    let desk = Desk::open().await;
    let report = desk.import_lines(&[NORDLICHT, ALMRAUSCH]).await;
    assert_eq!((report.entitlements, report.customers), (counts(2, 0, 0), counts(2, 0, 0)));
    assert_eq!((report.lines, report.refused.len()), (2, 0));
    let contents = desk.contents().await;
    assert_eq!(
        contents,
        [
            "K-1|Nordlicht GmbH|DE|nordlicht.example|SEN-10000001|Jira|data_center|active|2027-03-31|technical Petra \
            Abend petra.abend@nordlicht.example +49 30 23125 101 t, billing Jonas Reuter jonas.reuter@nordlicht.example f",
            "K-2|Almrausch GmbH|AT|almrausch.example|E-2AA-BCD-EFG-H12|almrausch.atlassian.net|Jira|cloud|active|\
            2027-04-01|technical Vinzenz Hoch vinzenz@almrausch.example f, billing Theres Jager theres@almrausch.example t",
        ]
    );

    let again = desk.import_lines(&[NORDLICHT, ALMRAUSCH]).await;
    assert_eq!((again.entitlements, again.customers), (counts(0, 0, 2), counts(0, 0, 2)));
    assert!(again.changes.is_empty());
    assert_eq!(desk.contents().await, contents);
}

#[tokio::test]
async fn changes_are_named_and_the_rest_is_left_alone() {
    let desk = Desk::open().await;
    desk.import_lines(&[NORDLICHT, ALMRAUSCH]).await;
    let line = NORDLICHT
        .replace("2027-03-31", "2028-03-31")
        .replace("Nordlicht GmbH", "Nordlicht AG")
        .replace("petra.abend@", "carla.neu@")
        .replace("Petra Abend", "Carla Neu");
    let report = desk.import_lines(&[&line]).await;
    assert_eq!((report.entitlements, report.customers), (counts(0, 1, 0), counts(0, 1, 0)));
    let changes: Vec<_> =
        report.changes.iter().map(|c| (c.line, c.what.as_str(), c.fields.as_slice())).collect();
    assert_eq!(
        changes,
        [(2, "K-1", &["customer_name"][..]), (2, "SEN-10000001", &["renews_on", "technical_email"][..])]
    );
    let contents = desk.contents().await;
    assert!(
        contents[0].contains("Nordlicht AG")
            && contents[0].contains("carla.neu@")
            && contents[0].contains("2028")
    );
    assert!(!contents[0].contains("petra.abend"), "the contact that the file replaces is gone");
    assert!(contents[1].starts_with("K-2|Almrausch"), "what the file does not mention stays");
}

#[tokio::test]
async fn a_dry_run_reports_the_same_and_changes_nothing() {
    let desk = Desk::open().await;
    desk.import_lines(&[NORDLICHT]).await;
    let before = desk.contents().await;
    let file = csv(&[&NORDLICHT.replace("2027-03-31", "2028-03-31"), ALMRAUSCH, "bad"]);

    let dry = desk.try_import(&file, "handover", true).await.unwrap();
    assert!(dry.dry_run);
    assert_eq!(desk.contents().await, before);

    let wet = desk.import(&file).await;
    assert_eq!(Report { dry_run: false, ..dry }, wet);
    assert_ne!(desk.contents().await, before);
}

#[tokio::test]
async fn bad_lines_are_refused_with_their_reason_and_good_ones_go_in() {
    let desk = Desk::open().await;
    let report = desk
        .import_lines(&[
            NORDLICHT,
            &ALMRAUSCH.replace("Cloud", "Wolke"),
            "only;three;columns",
            &ALMRAUSCH.replace("E-2AA-BCD-EFG-H12;almrausch.atlassian.net", ";"),
            &ALMRAUSCH.replace("1.4.2027", "31.2.2027"),
            &ALMRAUSCH.replace("theres@almrausch.example", "theres"),
            &ALMRAUSCH.replace("almrausch.example;;E", "gmx.at;;E"),
            &ALMRAUSCH.replace("billing", "boss"),
            &ALMRAUSCH.replace("Almrausch GmbH", ""),
        ])
        .await;
    assert_eq!(
        refusals(&report),
        [
            (3, "unknown-hosting"),
            (4, "columns"),
            (5, "no-number"),
            (6, "not-a-date"),
            (7, "not-an-address"),
            (8, "public-mail-domain"),
            (9, "unknown-primary"),
            (10, "missing"),
        ]
    );
    assert_eq!(report.entitlements, counts(1, 0, 0));
    assert_eq!(desk.contents().await.len(), 1, "nothing of a refused line got in, not even its customer");
    let text = report.text(Language::En);
    for words in
        ["Refused: 8.", "line 3: hosting: “Wolke” is not known.", "line 10: customer_name is missing."]
    {
        assert!(text.contains(words), "{text}");
    }
    assert!(report.text(Language::De).contains("Zeile 3: hosting: „Wolke“ ist nicht bekannt."));
}

#[tokio::test]
async fn lines_that_contradict_each_other_are_refused_after_the_first() {
    let desk = Desk::open().await;
    let report = desk
        .import_lines(&[
            NORDLICHT,
            &NORDLICHT.replace("2027-03-31", "2027-04-30"),
            &ALMRAUSCH.replace("K-2;Almrausch GmbH;AT", "K-1;Another GmbH;DE"),
            ALMRAUSCH,
            &ALMRAUSCH.replace(";;E-2AA", ";SEN-10000001;E-2AA"),
        ])
        .await;
    assert_eq!(
        refusals(&report),
        [(3, "contradiction"), (4, "contradiction"), (6, "different-entitlements")]
    );
    assert!(report.text(Language::En).contains("line 3: renews_on differs from what line 2 says"));
    let contents = desk.contents().await;
    assert!(contents[0].contains("Nordlicht GmbH") && contents[0].contains("2027-03-31"), "{contents:?}");
    assert_eq!(contents.len(), 2);
}

#[tokio::test]
async fn several_lines_about_one_entitlement_give_it_all_their_contacts() {
    let desk = Desk::open().await;
    let second = NORDLICHT.replace("Petra Abend", "Carla Neu").replace("petra.abend@", "carla.neu@");
    let report = desk.import_lines(&[NORDLICHT, &second]).await;
    assert_eq!((report.lines, report.entitlements), (2, counts(1, 0, 0)));
    let contents = desk.contents().await;
    assert!(contents[0].contains("carla.neu@nordlicht.example +49 30 23125 101 f"), "{contents:?}");
    assert!(contents[0].contains("petra.abend@nordlicht.example +49 30 23125 101 t"), "{contents:?}");
    assert_eq!(desk.import_lines(&[NORDLICHT, &second]).await.entitlements, counts(0, 0, 1));
}

#[tokio::test]
async fn a_column_that_the_file_lacks_changes_nothing_and_an_empty_cell_empties() {
    let desk = Desk::open().await;
    desk.import_lines(&[NORDLICHT, ALMRAUSCH]).await;
    let before = desk.contents().await;
    let narrow =
        "customer_number,customer_name,sen,product,hosting\nK-1,Nordlicht GmbH,SEN-10000001,Jira,Server\n";
    assert_eq!(desk.import(narrow).await.entitlements, counts(0, 0, 1));
    assert_eq!(desk.contents().await, before);

    // Numbers are lifelong: an empty cell takes none away.
    let emptied = "customer_number,customer_name,country,sen,entitlement_number,product,hosting,renews_on,billing_email\n\
        K-2,Almrausch GmbH,,SEN-20000002,E-2AA-BCD-EFG-H12,Jira,Cloud,,\n\
        K-1,Nordlicht GmbH,DE,SEN-10000001,,Jira,Server,2027-03-31,jonas.reuter@nordlicht.example\n";
    let report = desk.import(emptied).await;
    assert_eq!(report.entitlements, counts(0, 1, 1));
    assert_eq!(
        desk.contents().await[1],
        "K-2|Almrausch GmbH|almrausch.example|SEN-20000002|E-2AA-BCD-EFG-H12|almrausch.atlassian.net|Jira|cloud|active|\
        technical Vinzenz Hoch vinzenz@almrausch.example f"
    );
    assert_eq!(desk.import(emptied).await.entitlements, counts(0, 0, 2));
}

#[tokio::test]
async fn encodings_and_separators_of_spreadsheets_are_read() {
    let text = csv(&[&NORDLICHT.replace("Nordlicht GmbH", "Nördlicht Bau GmbH")]);
    let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (bytes, encoding) in [
        (text.clone().into_bytes(), TextEncoding::Utf8),
        (format!("\u{feff}{text}").into_bytes(), TextEncoding::Utf8),
        (windows, TextEncoding::Windows1252),
        (utf16, TextEncoding::Utf16),
        (text.replace(';', "\t").into_bytes(), TextEncoding::Utf8),
        (text.replace('\n', "\r\n").into_bytes(), TextEncoding::Utf8),
    ] {
        let desk = Desk::open().await;
        let report = desk.import(&bytes).await;
        assert_eq!((report.encoding, report.entitlements), (encoding, counts(1, 0, 0)));
        assert!(desk.contents().await[0].starts_with("K-1|Nördlicht Bau GmbH|DE|"));
        let says_so = report.text(Language::En).contains("was read as Windows-1252");
        assert_eq!(says_so, encoding == TextEncoding::Windows1252);
    }
}

#[tokio::test]
async fn what_looks_like_a_formula_is_plain_text() {
    let desk = Desk::open().await;
    desk.import_lines(&[&NORDLICHT
        .replace("Nordlicht GmbH", "=cmd|' /C calc'!A0")
        .replace(";Jira;", ";@Jira;")])
        .await;
    let contents = desk.contents().await;
    assert!(contents[0].starts_with("K-1|=cmd|' /C calc'!A0|DE|"), "{contents:?}");
    assert!(contents[0].contains("|@Jira|"), "{contents:?}");
}

#[tokio::test]
async fn files_that_hold_no_register_change_nothing() {
    let desk = Desk::open().await;
    desk.import_lines(&[NORDLICHT]).await;
    let before = desk.contents().await;
    for (file, words) in [
        (&b""[..], "empty"),
        (b"PK\x03\x04rest of a workbook", "save it as CSV"),
        (b"a;b\n1;2\n", "no column is mapped to customer_name or customer_number"),
        (b"{\"licenses\": [", "not valid JSON"),
        (b"{\"message\": \"no\"}", "exactly one list"),
    ] {
        let error = format!("{:#}", desk.try_import(file, "handover", false).await.unwrap_err());
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(desk.contents().await, before);

    let options = |file: &str| ImportOptions {
        file: file.into(),
        mapping: MappingChoice::default(),
        dry_run: false,
        ran_by: String::new(),
    };
    let clock = Clock::stopped(now());
    let error = import::run(&desk.pool, &clock, &desk.shared, options("/nowhere/at/all.csv"), &mut |_| {})
        .await
        .unwrap_err();
    assert!(format!("{error:#}").contains("could not read /nowhere/at/all.csv"));
}

#[tokio::test]
async fn a_failure_in_the_database_takes_the_whole_file_back() {
    let desk = Desk::open().await;
    desk.import_lines(&[NORDLICHT]).await;
    let before = desk.contents().await;
    // The last of the tables written refuses; what was written before it must be gone.
    sqlx::query("alter table contacts add constraint test check (email not like '%almrausch%')")
        .execute(&desk.owner)
        .await
        .unwrap();
    let file = csv(&[&NORDLICHT.replace("2027-03-31", "2028-03-31"), ALMRAUSCH]);
    assert!(desk.try_import(file, "handover", false).await.is_err());
    assert_eq!(desk.contents().await, before);
}

#[tokio::test]
async fn a_mapping_file_says_which_column_is_what() {
    let desk = Desk::open().await;
    let place = tempfile::tempdir().unwrap();
    let (file, mapping) = (place.path().join("export.csv"), place.path().join("mapping.toml"));
    std::fs::write(&file, "Kd-Nr.;Firma;Lizenz;Alt-Lizenz;Produkt;Betrieb;Umsatz\n7;Nordlicht GmbH;;SEN-10000009;Jira;Server;9\n")
        .unwrap();
    std::fs::write(
        &mapping,
        "customer_number = \"Kd-Nr.\"\ncustomer_name = \"Firma\"\nsen = [\"Lizenz\", \"Alt-Lizenz\"]\n\
        product = \"Produkt\"\nhosting = \"Betrieb\"\n",
    )
    .unwrap();
    let options =
        ImportOptions { file, mapping: MappingChoice::File(mapping), dry_run: false, ran_by: String::new() };
    let report =
        import::run(&desk.pool, &Clock::stopped(now()), &desk.shared, options, &mut |_| {}).await.unwrap();
    assert_eq!(report.entitlements, counts(1, 0, 0));
    assert_eq!(report.unused_columns, ["Umsatz"]);
    assert_eq!(desk.contents().await, ["7|Nordlicht GmbH|SEN-10000009|Jira|data_center|active"]);
}

const MARKETPLACE: &str = r#"{"_links": {"self": {"href": "/x"}}, "licenses": [
    {"addonLicenseId": "1", "licenseId": "SEN-30000001", "addonName": "Timesheets", "hosting": "Server",
     "licenseType": "COMMERCIAL", "maintenanceStartDate": "2026-04-01", "maintenanceEndDate": "2027-03-31",
     "status": "active", "tier": "500 Users",
     "contactDetails": {"company": "Nordlicht GmbH", "country": "Germany",
        "technicalContact": {"email": "petra.abend@nordlicht.example", "name": "Petra Abend", "phone": "+49 30 23125 101"},
        "billingContact": {"email": "buchung@outsourcing.example", "name": "Buchung"}}},
    {"appEntitlementNumber": "E-3W8-NHD-V5E-GM7", "addonName": "Timesheets", "hosting": "Cloud", "status": "inactive",
     "cloudSiteHostname": "almrausch.atlassian.net",
     "contactDetails": {"company": "Almrausch GmbH", "country": "Austria",
        "technicalContact": {"email": "vinzenz.almrausch@gmx.at", "name": "Vinzenz Hoch"},
        "billingContact": {"email": "buchung@outsourcing.example", "name": "Buchung"}}},
    {"addonName": "Timesheets", "hosting": "Cloud", "contactDetails": {"company": "Nameless AG"}}]}"#;

#[tokio::test]
async fn the_marketplace_report_is_read_as_json_and_as_csv() {
    let desk = Desk::open().await;
    let report = desk.try_import(MARKETPLACE, "marketplace", false).await.unwrap();
    assert_eq!((report.format, report.entitlements), (Format::Json, counts(2, 0, 0)));
    assert_eq!(refusals(&report), [(3, "no-number")]);
    assert!(report.text(Language::En).contains("entry 3: There is neither a SEN"));
    let contents = desk.contents().await;
    assert_eq!(
        contents,
        [
            "name:almrausch-gmbh|Almrausch GmbH|Austria|E-3W8-NHD-V5E-GM7|almrausch.atlassian.net|Timesheets|cloud|\
            inactive|technical Vinzenz Hoch vinzenz.almrausch@gmx.at f, billing Buchung buchung@outsourcing.example f",
            "name:nordlicht-gmbh|Nordlicht GmbH|Germany|nordlicht.example|SEN-30000001|Timesheets|data_center|500 Users|\
            active|2026-04-01|2027-03-31|technical Petra Abend petra.abend@nordlicht.example +49 30 23125 101 f, billing \
            Buchung buchung@outsourcing.example f",
        ]
    );
    // A bookkeeper who works for several customers speaks for none; nor does a public mail provider.
    assert_eq!(report.shared_domains.iter().collect::<Vec<_>>(), ["outsourcing.example"]);

    let flat = "licenseId,appEntitlementNumber,addonName,hosting,status,tier,maintenanceStartDate,maintenanceEndDate,\
        company,country,technicalContactName,technicalContactEmail,technicalContactPhone\n\
        SEN-30000001,,Timesheets,Server,active,500 Users,2026-04-01,2027-03-31,Nordlicht GmbH,Germany,Petra Abend,\
        petra.abend@nordlicht.example,+49 30 23125 101\n";
    let report = desk.try_import(flat, "marketplace", false).await.unwrap();
    assert_eq!((report.entitlements, report.customers), (counts(0, 0, 1), counts(0, 0, 1)));
    assert_eq!(desk.contents().await, contents);
}

const DOMAINS: &str =
    "customer_number,customer_name,domains,sen,product,hosting,technical_email,billing_email";

/// Domain by domain, with its customer.
async fn domains(desk: &Desk) -> Vec<String> {
    sqlx::query_scalar(
        "select concat_ws(' ', number, domain) from customer_domains d join customers c on c.id = d.customer_id
         order by number, domain",
    )
    .fetch_all(&desk.pool)
    .await
    .unwrap()
}

/// Somebody in another tenant, or in another office, must not come to speak for a customer through a parent on record.
#[tokio::test]
async fn a_parent_that_strangers_share_stands_for_nobody() {
    let desk = Desk::open().await;
    let lines = [
        "K-1,Contoso,onmicrosoft.com,SEN-10000001,Jira,Cloud,a@contoso.onmicrosoft.com,",
        "K-2,Amt,amt.bund.de State.example,SEN-10000002,Jira,Cloud,a@amt.bund.de,",
        "K-3,Bureau,https://www.bureau.state.example/,SEN-10000003,Jira,Cloud,a@bureau.state.example,",
    ];
    let report = desk.import(format!("{DOMAINS}\n{}\n", lines.join("\n"))).await;
    assert_eq!(refusals(&report), [(2, "shared-domain"), (3, "shared-domain")]);
    let text = report.text(Language::En);
    assert!(
        text.contains("line 2: domains: “onmicrosoft.com” has names of different owners below it"),
        "{text}"
    );
    assert!(report.text(Language::De).contains("Unter „state.example“ haben verschiedene Inhaber Namen"));
    assert_eq!(domains(&desk).await, ["K-3 bureau.state.example"]);
}

#[tokio::test]
async fn domains_of_contacts_are_taken_as_they_are_written() {
    let desk = Desk::open().await;
    let lines = [
        "K-1,Contoso,,SEN-10000001,Jira,Cloud,a@contoso.onmicrosoft.com,b@mail.contoso.example",
        "K-2,Fabrikam,,SEN-10000002,Jira,Cloud,a@fabrikam.onmicrosoft.com,b@onmicrosoft.com",
        "K-3,Bureau,,SEN-10000003,Jira,Cloud,a@bureau.state.example,b@state.example",
        // An outside administrator, by names above and below each other; and two branches side by side.
        "K-4,Vier,,SEN-10000004,Jira,Cloud,a@agency.example,b@berlin.konzern.example",
        "K-5,Fünf,,SEN-10000005,Jira,Cloud,a@mail.agency.example,b@wien.konzern.example",
    ];
    let file = format!("{DOMAINS}\n{}\n", lines.join("\n"));
    let report = desk.import(&file).await;
    assert_eq!(refusals(&report), []);
    let expected = [
        "K-1 contoso.onmicrosoft.com",
        "K-1 mail.contoso.example",
        "K-2 fabrikam.onmicrosoft.com",
        "K-3 bureau.state.example",
        "K-4 berlin.konzern.example",
        "K-5 wien.konzern.example",
    ];
    assert_eq!(domains(&desk).await, expected);
    assert_eq!(report.shared_parents.iter().collect::<Vec<_>>(), ["onmicrosoft.com", "state.example"]);
    assert_eq!(report.shared_domains.iter().collect::<Vec<_>>(), ["agency.example", "mail.agency.example"]);
    assert!(report.text(Language::En).contains("taken for nobody: onmicrosoft.com, state.example."));
    assert!(report.text(Language::De).contains("für niemanden übernommen wurden: onmicrosoft.com"));
    // Again: nothing changes, and what was left out is told again.
    let again = desk.import(&file).await;
    assert_eq!((again.customers, again.shared_parents), (counts(0, 0, 5), report.shared_parents));
    assert_eq!(domains(&desk).await, expected);
}

/// A register from before: each domain was cut to what can be registered.
#[tokio::test]
async fn names_below_a_shared_parent_come_to_a_register_of_before_and_nothing_is_lost() {
    let desk = Desk::open().await;
    let lines = [
        "K-1,Contoso,contoso.example,SEN-10000001,Jira,Cloud,a@Contoso.onmicrosoft.com,b@mail.onmicrosoft.com",
        "K-2,Amt,amt.example,SEN-10000002,Jira,Cloud,a@referat.amt.bund.de,b@elsewhere.example",
        "K-3,Drei,drei.example,SEN-10000003,Jira,Cloud,a@dienstleister.bund.de,",
        "K-4,Vier,vier.example,SEN-10000004,Jira,Cloud,a@mail.dienstleister.bund.de,",
        "K-5,Nord,nord.example,SEN-10000005,Jira,Cloud,a@mail.nord.example,",
        "K-6,Sechs,sechs.example,SEN-10000006,Jira,Cloud,a@sechs.bund.de,",
    ];
    desk.import(format!("{DOMAINS}\n{}\n", lines.join("\n"))).await;
    sqlx::raw_sql(
        "update customer_domains set domain = 'onmicrosoft.com' where domain = 'contoso.example';
         update customer_domains set domain = 'bund.de' where domain in ('amt.example', 'drei.example', 'vier.example')",
    )
    .execute(&desk.owner)
    .await
    .unwrap();
    let migration = include_str!("../../migrations/20261128010500_keep_domains_as_written.sql");
    for _ in 0..2 {
        sqlx::raw_sql(migration).execute(&desk.owner).await.unwrap();
        assert_eq!(
            domains(&desk).await,
            [
                "K-1 contoso.onmicrosoft.com",
                "K-1 onmicrosoft.com",
                "K-2 bund.de",
                "K-2 referat.amt.bund.de",
                // Contacts of both write from there.
                "K-3 bund.de",
                "K-4 bund.de",
                "K-5 nord.example",
                "K-6 sechs.example",
            ]
        );
    }
    // An import without domains adds to them, and takes nothing away.
    let narrow = "customer_number,customer_name,sen,product,hosting,technical_email\n\
        K-5,Nord,SEN-10000005,Jira,Cloud,a@mail.nord.example\n";
    assert_eq!(desk.import(narrow).await.customers, counts(0, 0, 1), "a name above it is on record");
}

/// What the migration takes for a shared parent is on the list.
#[test]
fn the_migration_knows_no_parent_that_the_list_does_not() {
    let migration = include_str!("../../migrations/20261128010500_keep_domains_as_written.sql");
    let names = migration.split("('").skip(1).filter_map(|rest| rest.split_once("')")).map(|(name, _)| name);
    let names: Vec<&str> = names.collect();
    assert!(names.len() > 200, "{}", names.len());
    for name in names {
        assert!(SharedDomains::default().contains(name), "{name}");
    }
}

#[tokio::test]
async fn without_customer_numbers_the_name_finds_the_customer_but_takes_nothing_from_another() {
    let desk = Desk::open().await;
    desk.import_lines(&[NORDLICHT]).await;
    let report = desk
        .import(
            "customer_name;sen;product;hosting\nNORDLICHT gmbh.;SEN-10000002;Confluence;Server\n\
            Someone Else AG;SEN-10000001;Jira;Server\n",
        )
        .await;
    assert_eq!((report.entitlements, report.customers), (counts(1, 0, 0), counts(0, 0, 1)));
    assert_eq!(refusals(&report), [(3, "other-customer")]);
    let contents = desk.contents().await;
    assert!(contents.iter().all(|line| line.starts_with("K-1|Nordlicht GmbH|")), "{contents:?}");

    desk.import(
        "customer_number;customer_name;sen;product;hosting\nK-9;Nordlicht GmbH;SEN-10000009;Jira;Server\n",
    )
    .await;
    let report =
        desk.import("customer_name;sen;product;hosting\nNordlicht GmbH;SEN-10000010;Jira;Server\n").await;
    assert_eq!(refusals(&report), [(2, "several-customers")]);
}

#[tokio::test]
async fn a_cloud_site_alone_is_known_by_its_product_and_takes_its_number_later() {
    let desk = Desk::open().await;
    let header = "customer_number,customer_name,site,entitlement_number,product,hosting";
    let line = |number: &str, product: &str| {
        format!("K-8,Linden GmbH,linden.atlassian.net,{number},{product},Cloud")
    };
    let first = format!("{header}\n{}\n{}\n", line("", "Jira"), line("", "Confluence"));
    assert_eq!(desk.import(&first).await.entitlements, counts(2, 0, 0));
    assert_eq!(desk.import(&first).await.entitlements, counts(0, 0, 2));

    let numbered = format!("{header}\n{}\n", line("E-3W8-NHD-V5E-GM7", "Jira"));
    assert_eq!(desk.import(&numbered).await.entitlements, counts(0, 1, 0));
    let another = format!("{header}\n{}\n", line("E-3W8-NHD-V5E-GM8", "Jira"));
    assert_eq!(desk.import(&another).await.entitlements, counts(1, 0, 0));
    assert_eq!(refusals(&desk.import(&first).await), [(2, "several-entitlements")]);
}

#[tokio::test]
async fn ten_thousand_lines_take_as_few_statements_as_ten() {
    let desk = Desk::open().await;
    let file = |count: usize, year: i16| {
        let mut file = csv(&[]);
        for n in 0..count {
            let (customer, sen) = (n / 3, 10_000_000 + n);
            writeln!(
                file,
                "K-{customer};Company {customer} GmbH;DE;c{customer}.example;SEN-{sen};;;Jira;Server;{year}-01-31;\
                Tech {n};tech{n}@c{customer}.example;;Bill {n};bill{n}@c{customer}.example;technical"
            )
            .unwrap();
        }
        file
    };
    let small = statements_of(desk.import(file(10, 2027))).await;
    let large = statements_of(desk.import(file(10_000, 2028))).await;
    assert_eq!((small.1.entitlements, large.1.entitlements), (counts(10, 0, 0), counts(9_990, 10, 0)));
    assert!(small.0.len() > 5, "the statements are heard: {:?}", small.0);
    assert_eq!(small.0, large.0);
    assert_eq!(desk.import(file(10_000, 2028)).await.entitlements, counts(0, 0, 10_000));
}

/// Every line, then every row that changed; and never backwards.
#[tokio::test]
async fn an_import_says_how_far_it_is() {
    let desk = Desk::open().await;
    let folder = tempfile::tempdir().unwrap();
    let mut file = csv(&[]);
    for n in 0..2_500 {
        writeln!(
            file,
            "K-{n};Company {n} GmbH;DE;c{n}.example;SEN-{};;;Jira;Server;2027-01-31;Tech,tech@c{n}.example;;;;technical",
            10_000_000 + n
        )
        .unwrap();
    }
    let path = folder.path().join("register.csv");
    std::fs::write(&path, file.replace("Tech,tech", "Tech;tech")).unwrap();
    let run = async |says: import::Listener<'_>| {
        let options = ImportOptions {
            file: path.clone(),
            mapping: MappingChoice::default(),
            dry_run: false,
            ran_by: String::new(),
        };
        import::run(&desk.pool, &Clock::stopped(now()), &desk.shared, options, says).await.unwrap()
    };
    let mut heard = Vec::new();
    let report = run(&mut |pace| heard.push(pace)).await;
    assert_eq!(report.entitlements, counts(2_500, 0, 0), "{:?}", refusals(&report));
    let lines: Vec<(usize, usize)> = [0, 1_000, 2_000].map(|done| (done, 2_500)).into();
    // Customers, entitlements and contacts.
    let rows = [2_500, 5_000, 7_500].map(|done| (done, 7_500));
    let expected: Vec<Pace> = lines
        .into_iter()
        .map(|(done, of)| Pace::Lines(done, of))
        .chain(rows.map(|(done, of)| Pace::Rows(done, of)))
        .collect();
    assert_eq!(heard, expected);
    heard.clear();
    run(&mut |pace| heard.push(pace)).await;
    assert!(!heard.iter().any(|pace| matches!(pace, Pace::Rows(..))), "nothing changed: {heard:?}");
}

#[tokio::test]
async fn imports_wait_for_each_other() {
    let desk = Desk::open().await;
    let mut first = desk.pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock($1)")
        .bind(0x7265_6769_7374_6572_i64)
        .execute(&mut *first)
        .await
        .unwrap();
    let pool = desk.pool.clone();
    let second = tokio::spawn(async move {
        let mapping = Mapping::load(&MappingChoice::default()).unwrap();
        import::import(&pool, now(), csv(&[NORDLICHT]).as_bytes(), &mapping, &SharedDomains::default(), false)
            .await
            .unwrap()
    });
    loop {
        let waiting: bool = sqlx::query_scalar(
            "select exists (select from pg_locks where locktype = 'advisory' and not granted
                and database = (select oid from pg_database where datname = current_database()))",
        )
        .fetch_one(&desk.pool)
        .await
        .unwrap();
        if waiting {
            break;
        }
        assert!(!second.is_finished(), "the second import did not wait");
        tokio::task::yield_now().await;
    }
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap().entitlements, counts(1, 0, 0));
}

#[tokio::test]
async fn the_demo_register_is_imported_whole() {
    let desk = Desk::open().await;
    let report = demo::register::seed(&desk.pool, now(), today(), &SharedDomains::default()).await.unwrap();
    assert_eq!(refusals(&report), []);
    assert!(
        report.customers.added >= 200 && report.entitlements.added >= 400,
        "{:?}",
        report.text(Language::En)
    );
    assert!(report.shared_domains.is_empty() && report.unused_columns.is_empty());
    let hostings: i64 = sqlx::query_scalar("select count(distinct hosting) from entitlements")
        .fetch_one(&desk.pool)
        .await
        .unwrap();
    assert_eq!(hostings, 3);
    assert_eq!(
        demo::register::seed(&desk.pool, now(), today(), &SharedDomains::default())
            .await
            .unwrap()
            .entitlements
            .added,
        0
    );

    let primary: (String, String) = sqlx::query_as(
        "select c.email, c.role from contacts c join entitlements e on e.id = c.entitlement_id
         where e.sen = $1 and c.is_primary",
    )
    .bind(demo::register::NORDLICHT_SEN)
    .fetch_one(&desk.pool)
    .await
    .unwrap();
    assert_eq!(primary, (demo::register::NORDLICHT_PRIMARY_EMAIL.to_owned(), "technical".to_owned()));
}
