//! What keeps a database from its work until somebody mends it: told in words, seen by everybody who asks whether the service is
//! ready, and over by itself when it is mended.

use crate::words;
use crate::words::Words;
use sqlx::error::DatabaseError;

/// Why a database does not do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no room for more.
    Full,
    /// It cannot be written.
    ReadOnly,
    /// What is in its file makes no sense.
    Damaged,
    /// Its file is away, or another one is in its place.
    Gone,
}

/// SQLite's result codes.
mod sqlite {
    pub(super) const READONLY: u32 = 8;
    pub(super) const IOERR: u32 = 10;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const FULL: u32 = 13;
    pub(super) const CANTOPEN: u32 = 14;
    pub(super) const NOTADB: u32 = 26;
    /// Kinds of IOERR that are about reading: READ, SHORT_READ, DATA, CORRUPTFS.
    pub(super) const READING: [u32; 4] = [1, 2, 32, 33];
}

impl Trouble {
    const ALL: [Self; 4] = [Self::Full, Self::ReadOnly, Self::Damaged, Self::Gone];

    /// A stable word for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Full => "disk_full",
            Self::ReadOnly => "database_read_only",
            Self::Damaged => "database_damaged",
            Self::Gone => "database_gone",
        }
    }

    /// The trouble with this word.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.code() == code)
    }

    /// What it is and what helps.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Full => words!(
                "数据库所在的磁盘已满（或已到限额）：请腾出空间，之后自动恢复",
                "the database's disk is full, or a limit is reached: make room, and the service goes on by itself"
            ),
            Self::ReadOnly => words!(
                "数据库不可写：请检查文件和文件夹的权限，改好后自动恢复",
                "the database cannot be written: correct the permissions of its file and folder, and the service goes on by itself"
            ),
            Self::Damaged => words!(
                "数据库文件已损坏：请停止服务，用 fenzu restore 恢复备份",
                "the database's file is damaged: stop the service and restore a backup with fenzu restore"
            ),
            Self::Gone => words!(
                "数据库文件不在原处或被换掉：请停止服务，把它放回去，或用 fenzu restore 恢复备份",
                "the database's file is away, or another is in its place: stop the service and put it back, or bring a backup \
                 back with fenzu restore"
            ),
        }
    }

    /// What the database's error means, where it is one of these.
    pub(super) fn of(error: &dyn DatabaseError) -> Option<Self> {
        let code = error.code()?;
        match code.as_ref() {
            "53100" => return Some(Self::Full),
            "25006" => return Some(Self::ReadOnly),
            "XX001" | "XX002" => return Some(Self::Damaged),
            code if code.len() >= 5 => return None,
            _ => {}
        }
        let code: u32 = code.parse().ok()?;
        match code & 0xff {
            sqlite::READONLY => Some(Self::ReadOnly),
            sqlite::CORRUPT | sqlite::NOTADB => Some(Self::Damaged),
            sqlite::CANTOPEN => Some(Self::Gone),
            // A file that may not grow further cannot be written either.
            sqlite::IOERR if sqlite::READING.contains(&(code >> 8)) => Some(Self::Damaged),
            sqlite::FULL | sqlite::IOERR => Some(Self::Full),
            _ => None,
        }
    }
}
