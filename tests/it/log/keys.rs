//! Another key signs only by the word of the one before it, or of whoever operates the machine, which shows.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt as _};

use data_encoding::BASE64;
use handover::{
    boot::write_private,
    transparency::keys::{self, Keys},
};
use tempfile::TempDir;

use super::*;
use crate::helpers::desk::LOG_KEY;

fn setting(keys: &[&str]) -> String {
    format!("log.signing_keys = {keys:?}\n")
}

#[actix_web::test]
async fn a_new_key_is_signed_by_the_one_before_it() {
    let (desk, [one, _]) = desk_with_cases("").await;
    let pool = &desk.owner;
    let (new, lost, last) = (BASE64.encode(&[2; 32]), BASE64.encode(&[3; 32]), BASE64.encode(&[4; 32]));
    let old = head(&desk).await;

    // A worker with a key that nobody knows logs nothing, and says why.
    note(&desk, &one).await;
    let error = append::step(&with_settings(&desk, &setting(&[&new]))).await.unwrap_err();
    assert!(error.to_string().contains("signing_keys"), "{error}");
    assert_eq!(head(&desk).await, old);

    log_all(&with_settings(&desk, &setting(&[&new, LOG_KEY]))).await;
    let rotated = head(&desk).await;
    assert_ne!(rotated.head.key_id, old.head.key_id);
    assert_eq!(findings(pool, &[old.clone(), rotated.clone()]).await, []);
    // From then on without the old one; the old one never again, with whatever word.
    note(&desk, &one).await;
    log_all(&with_settings(&desk, &setting(&[&new]))).await;
    note(&desk, &one).await;
    for keys in [vec![LOG_KEY], vec![LOG_KEY, &new]] {
        until_free(&desk.casework.app).await;
        assert!(append::step(&with_settings(&desk, &setting(&keys))).await.is_err());
    }
    assert_eq!(findings(pool, &[old.clone(), rotated.clone()]).await, []);

    // Lost: by the word of the operator, which those who verify hear of.
    let app = with_settings(&desk, &setting(&[&lost]));
    let mut connection = pool.acquire().await.unwrap();
    let own = Keys::find(&app.settings).unwrap();
    assert!(keys::replace_lost(&mut connection, &own, desk.now()).await.unwrap());
    assert!(!keys::replace_lost(&mut connection, &own, desk.now()).await.unwrap());
    log_all(&app).await;
    let id = keys::id(&own.current.verifying_key());
    let found = findings(pool, std::slice::from_ref(&old)).await;
    assert!(matches!(&found[..], [Finding::Key { .. }]), "{found:?}");
    let brought = Brought { since: vec![old.clone()], accepted_keys: BTreeSet::from([id]) };
    assert!(verify(pool, &brought).await.unwrap().holds());

    // A signature of the wrong key is none.
    note(&desk, &one).await;
    log_all(&with_settings(&desk, &setting(&[&last, &lost]))).await;
    assert!(verify(pool, &brought).await.unwrap().holds());
    let flipped = "update log_keys set endorsement = set_byte(endorsement, 9, get_byte(endorsement, 9) # 1)";
    overwrite(pool, flipped).await;
    let found = verify(pool, &brought).await.unwrap().findings;
    assert!(found.iter().any(|finding| matches!(finding, Finding::Key { .. })), "{found:?}");
    drop(connection);
    // The worker of the desk itself has the first key.
    overwrite(pool, "delete from log_pending").await;
    desk.finish().await;
}

#[test]
fn a_key_is_made_once_for_its_owner_alone() {
    let data = TempDir::new().unwrap();
    let settings = Settings::with(&format!("data_dir = {:?}", data.path())).unwrap();
    let first = Keys::find(&settings).unwrap().current.to_bytes();
    assert_eq!(Keys::find(&settings).unwrap().current.to_bytes(), first);
    let file = data.path().join("log-key");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&file).unwrap().trim(), BASE64.encode(&first));

    // From a file: the first of its lines signs.
    let written = data.path().join("keys");
    write_private(&written, &format!("{}\n{LOG_KEY}\n", BASE64.encode(&[5; 32]))).unwrap();
    let of_file = format!("log.signing_keys_file = {written:?}\n");
    let settings = Settings::with(&of_file).unwrap();
    assert_eq!(Keys::find(&settings).unwrap().current.to_bytes(), [5; 32]);
    write_private(&written, "no key").unwrap();
    let settings = Settings::with(&of_file).unwrap();
    let error = format!("{:#}", Keys::configured(&settings).unwrap_err());
    assert!(error.contains("log.signing_keys") && !error.contains("no key"), "{error}");
}
