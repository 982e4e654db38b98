//! Everything that a school has stored, as one zip.
//!
//! ```text
//! school.json · lists/<id>/about.json, <file> · staff/<id>/… · plans/<id>.json
//! batches/<id>/about.json, files/<n>/<file>, classes/<id>.json, result.zip
//! ```
//! Rows are read one at a time and packed beside the reading, so memory holds a few of them, whatever the school has.

use super::{Batch, Class, List, Plan, StaffList, Store, StoreError, Token};
use crate::base::names::file_names;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{Seek, Write};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Entries that may wait for the packer.
const WAITING: usize = 2;

/// A path in the zip with its bytes.
type Entry = (String, Vec<u8>);

impl Store {
    /// A zip of all that a school has stored: a file without a name, to be read from its start. Digests of tokens are left out.
    ///
    /// # Errors
    /// The database's; [`StoreError::Export`] where no file can be written.
    pub async fn export_school(&self, school: &str) -> Result<File, StoreError> {
        let file = tempfile::tempfile().map_err(failed)?;
        let (entries, received) = channel(WAITING);
        let packing = tokio::task::spawn_blocking(move || pack(received, file));
        let sent = Sending { store: self, school, entries }.all().await;
        // Not a panic's words: they may quote what was packed.
        let done = packing.await.map_err(|_| failed("the packer broke off"))?;
        // Where the packer failed, that is the reason why nothing more could be sent.
        let file = done.map_err(failed)?;
        sent.map(|()| file)
    }
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Export(error.to_string())
}

/// Packs what comes until nothing more does.
fn pack(mut entries: Receiver<Entry>, file: File) -> std::io::Result<File> {
    let mut zip = ZipWriter::new(file);
    let options = SimpleFileOptions::default().large_file(true);
    while let Some((path, bytes)) = entries.blocking_recv() {
        zip.start_file(path, options)?;
        zip.write_all(&bytes)?;
    }
    let mut file = zip.finish()?;
    file.rewind()?;
    Ok(file)
}

/// A school on its way to the packer.
struct Sending<'a> {
    store: &'a Store,
    school: &'a str,
    entries: Sender<Entry>,
}

impl Sending<'_> {
    async fn all(self) -> Result<(), StoreError> {
        self.about().await?;
        self.lists().await?;
        self.staff().await?;
        for id in self.store.plans().ids(self.school).await? {
            if let Some(plan) = self.store.plans().get(self.school, &id).await? {
                self.json(format!("plans/{id}.json"), &about_plan(&plan)).await?;
            }
        }
        for id in self.store.batches().ids(self.school).await? {
            if let Some(batch) = self.store.batches().get(self.school, &id).await? {
                self.batch(&batch).await?;
            }
        }
        Ok(())
    }

    async fn about(&self) -> Result<(), StoreError> {
        let school = self.store.schools().get(self.school).await?.ok_or(StoreError::Reference)?;
        let tokens = self.store.tokens().all(self.school).await?;
        let tokens: Vec<Value> = tokens.iter().map(about_token).collect();
        let about = json!({"id": school.id, "name": school.name, "created": school.created, "tokens": tokens});
        self.json("school.json".to_owned(), &about).await
    }

    async fn lists(&self) -> Result<(), StoreError> {
        for id in self.store.lists().ids(self.school).await? {
            if let Some(list) = self.store.lists().get(self.school, &id).await? {
                self.json(format!("lists/{id}/about.json"), &about_list(&list)).await?;
                self.entry(inside(&format!("lists/{id}/list"), &list.file), list.bytes).await?;
            }
        }
        Ok(())
    }

    async fn staff(&self) -> Result<(), StoreError> {
        for id in self.store.staff().ids(self.school).await? {
            if let Some(staff) = self.store.staff().get(self.school, &id).await? {
                self.json(format!("staff/{id}/about.json"), &about_staff(&staff)).await?;
                self.entry(inside(&format!("staff/{id}/list"), &staff.file), staff.bytes).await?;
            }
        }
        Ok(())
    }

    async fn batch(&self, batch: &Batch) -> Result<(), StoreError> {
        let id = &batch.id;
        self.json(format!("batches/{id}/about.json"), &about_batch(batch)).await?;
        for (position, file) in self.store.batches().files(self.school, id).await?.into_iter().enumerate() {
            self.entry(inside(&format!("batches/{id}/files/{position}"), &file.name), file.bytes).await?;
        }
        for class in self.store.classes().all(self.school, id).await? {
            let document = self.store.classes().document(self.school, &class.id).await?;
            let about = about_class(&class, document.as_deref());
            self.json(format!("batches/{id}/classes/{}.json", class.id), &about).await?;
        }
        if let Some(result) = self.store.batches().result(self.school, id).await? {
            self.entry(format!("batches/{id}/result.zip"), result).await?;
        }
        Ok(())
    }

    async fn json(&self, path: String, value: &Value) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec_pretty(value).map_err(failed)?;
        self.entry(path, bytes).await
    }

    async fn entry(&self, path: String, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.entries.send((path, bytes)).await.map_err(|_| failed("no room"))
    }
}

/// The file as a name that any system takes, in a folder of its own, where it can neither leave nor hide another.
fn inside(folder: &str, file: &str) -> String {
    let name = file_names(&[file.to_owned()]).concat();
    format!("{folder}/{name}")
}

/// Stored JSON as a value; what is none stays text.
fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| Value::from(json))
}

fn parsed_or_null(json: Option<&str>) -> Value {
    json.map_or(Value::Null, parsed)
}

fn about_token(token: &Token) -> Value {
    json!({"id": token.id, "name": token.name, "created": token.created, "revoked": token.revoked})
}

fn about_list(list: &List) -> Value {
    json!({"id": list.id, "file": list.file, "sha256": list.sha256, "columns": parsed(&list.columns), "created": list.created})
}

fn about_staff(staff: &StaffList) -> Value {
    json!({"id": staff.id, "list": staff.list, "file": staff.file, "sha256": staff.sha256, "created": staff.created})
}

fn about_plan(plan: &Plan) -> Value {
    json!({
        "id": plan.id, "list": plan.list, "staff": plan.staff, "previous": plan.previous, "parent": plan.parent,
        "request": parsed(&plan.request), "state": plan.state, "created": plan.created, "started": plan.started,
        "finished": plan.finished, "plan": parsed_or_null(plan.document.as_deref()),
        "error": parsed_or_null(plan.error.as_deref()),
    })
}

fn about_batch(batch: &Batch) -> Value {
    json!({
        "id": batch.id, "request": parsed(&batch.request), "state": batch.state, "created": batch.created,
        "started": batch.started, "finished": batch.finished, "summary": parsed_or_null(batch.summary.as_deref()),
        "error": parsed_or_null(batch.error.as_deref()),
    })
}

fn about_class(class: &Class, document: Option<&str>) -> Value {
    json!({
        "id": class.id, "class": class.class, "file": class.file, "digest": class.digest, "state": class.state,
        "created": class.created, "started": class.started, "finished": class.finished, "plan": parsed_or_null(document),
        "error": parsed_or_null(class.error.as_deref()),
    })
}
