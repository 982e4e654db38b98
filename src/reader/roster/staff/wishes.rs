//! What a row says of wishes, of whom a teacher may not take and of whom he or she must take.

use super::blocks::Body;
use super::columns::Field;
use super::mentions::{self, Doubt, Number};
use super::teachers::{Reader, Spot};
use super::{Mention, Purpose, Teacher};
use crate::roster::table::Row;
use crate::roster::vocabulary;
use crate::roster::why::Why;
use crate::words;
use crate::words::Words;

impl Reader<'_, '_, '_> {
    /// Wishes in their order: of all columns of wishes from left to right, else of a column of classes and one of groups.
    pub(super) fn wishes(&mut self, body: &Body, own: &[usize]) -> Vec<Mention> {
        let row = &body.row;
        let columns: Vec<usize> = self.head.all(Field::Prefers).collect();
        let mut wishes = self.mentions(row, Field::Prefers, own);
        if !columns.is_empty() || !matches!(self.purpose, Purpose::Claims(_)) {
            return wishes;
        }
        let group = self.head.column(Field::Group);
        let class = self.head.column(Field::Classes).map(|column| row.cell(column).shown()).unwrap_or_default();
        let class = if class.is_empty() {
            self.block.title.iter().find_map(|title| self.class_in(title)).unwrap_or_default()
        } else {
            class
        };
        match group {
            Some(column) => {
                let spot = self.spot(row, Field::Group, column);
                for text in mentions::values(spot.cell) {
                    let text = if class.is_empty() { text } else { mentions::joined(&class, &text, self.directory) };
                    self.mention(&spot, &text, own, &mut wishes);
                }
            }
            None => {
                if let Some(column) = self.head.column(Field::Classes) {
                    let spot = self.spot(row, Field::Classes, column);
                    for text in mentions::values(spot.cell) {
                        self.mention(&spot, &text, own, &mut wishes);
                    }
                }
            }
        }
        wishes
    }

    /// The one class that a title names.
    fn class_in(&self, title: &str) -> Option<String> {
        let class = mentions::class_in(title, self.directory)?;
        Some(self.directory.classes()[class].clone())
    }

    pub(super) fn mentions(&mut self, row: &Row, field: Field, own: &[usize]) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        let beside = self.head.column(Field::Classes).filter(|_| matches!(self.purpose, Purpose::Claims(_)));
        let beside = beside.and_then(|column| self.directory.index().class(&row.cell(column).shown()));
        let beside = beside.map(|class| self.directory.classes()[class].clone());
        let title = beside.or_else(|| self.block.title.iter().find_map(|title| self.class_in(title)));
        for column in self.head.all(field).collect::<Vec<_>>() {
            let spot = self.spot(row, field, column);
            let is_wish = field == Field::Prefers;
            let texts = if is_wish {
                mentions::wishes(spot.cell, title.as_deref(), self.directory)
            } else {
                mentions::values(spot.cell)
            };
            for text in texts {
                self.mention(&spot, &text, own, &mut found);
            }
        }
        found
    }

    fn mention(&mut self, spot: &Spot<'_>, text: &str, own: &[usize], found: &mut Vec<Mention>) {
        let is_wish = matches!(spot.field, Field::Prefers | Field::Group | Field::Classes);
        if is_wish && vocabulary::is_staff(&vocabulary::word_key(text), "refusal") {
            self.written.push(None);
            return;
        }
        let number = if is_wish { Number::Group } else { Number::Student };
        let resolved = mentions::resolve(text, own, number, self.directory);
        if is_wish {
            self.written.push(resolved.as_ref().ok().cloned());
        }
        match resolved {
            Ok(Mention::Group { .. }) if spot.field == Field::Avoids => self.avoided_group(spot, text),
            Ok(mention) if found.contains(&mention) => {}
            Ok(mention) => found.push(mention),
            Err(Doubt::Unknown) if self.directory.is_incomplete() => {
                let message = words!(
                    "“{text}”没有用到：可能属于未能使用的名册",
                    "“{text}” was passed over; it may belong to a class list that could not be used"
                );
                self.tell.notice("mention_skipped", spot.place.clone(), message);
            }
            Err(doubt) => self.doubt(spot, text, doubt),
        }
    }

    fn doubt(&mut self, spot: &Spot<'_>, text: &str, doubt: Doubt) {
        let header = self.head.header(spot.field).to_owned();
        let found = words!("“{header}”列的“{text}”", "“{text}” in “{header}”");
        let (code, expected, action) = match doubt {
            Doubt::Unknown => {
                let near = self.near(text);
                let (zh, en) = (&near.zh, &near.en);
                let expected = words!(
                    "名册中的班级、学生（学号或姓名）或小组（班级/第3组）{zh}",
                    "a class, a student (id or name) or a group (class/group 3) of the class lists{en}"
                );
                let action =
                    words!("请改正，或检查是否漏了名册", "correct it, or look for a class list that was left out");
                ("unknown_mention", expected, action)
            }
            Doubt::Several(ways) => {
                let ways = ways.join(", ");
                (
                    "ambiguous_mention",
                    words!("只有一种意思；可能是：{ways}", "one meaning; it may be {ways}"),
                    words!("请写成其中一种", "write one of them"),
                )
            }
        };
        self.tell.fault(code, &spot.place, Why { found, expected, action });
    }

    /// The classes that a text may have meant which names nothing.
    fn near(&self, text: &str) -> Words {
        let near = mentions::class_parts(text).into_iter().map(|class| self.directory.index().near(class));
        match near.filter(|near| !near.is_empty()).min_by_key(Vec::len) {
            Some(near) => {
                let classes = self.directory.names(&near);
                words!("；班级可能是：{classes}", "; the class may be {classes}")
            }
            None => Words::default(),
        }
    }

    fn avoided_group(&mut self, spot: &Spot<'_>, text: &str) {
        let why = Why {
            found: words!("小组“{text}”", "the group “{text}”"),
            expected: words!("要回避的学生或班级", "students or classes to avoid"),
            action: words!("请写学生的学号或姓名", "name the student"),
        };
        self.tell.fault("avoids_group", &spot.place, why);
    }

    /// Nobody can both have to take and not be allowed to take.
    pub(super) fn contradictions(&mut self, row: &Row, teacher: &Teacher) {
        let avoids = &teacher.avoids;
        let clash = |mention: &&Mention| {
            avoids.iter().any(|other| other == *mention || *other == Mention::Class(mention.class().to_owned()))
        };
        if let (Some(_), Some(spot)) = (teacher.must.iter().find(clash), self.cell(row, Field::Must)) {
            let expected = words!("指定与回避不冲突", "nothing that the teacher also avoids");
            self.fault("must_and_avoids", &spot, expected, words!("请删去其一", "remove one of the two"));
        }
    }

    /// Nobody takes groups of a class that he or she neither teaches nor must take from, so such wishes cannot come true.
    pub(super) fn not_taught(&mut self, row: &Row, teacher: &Teacher) {
        let column =
            [Field::Prefers, Field::Group, Field::Classes].into_iter().find_map(|field| self.head.column(field));
        let Some(column) = column else { return };
        let place = self.place(row).cell(Some(column));
        let Teacher { prefers, must, classes, .. } = teacher;
        let open =
            |class: &str| classes.iter().any(|taught| taught == class) || must.iter().any(|m| m.class() == class);
        for wish in prefers.iter().filter(|wish| !open(wish.class())) {
            let (what, class) = (mentions::written(wish), wish.class());
            let message = words!(
                "意愿“{what}”没有用到：这位老师不教{class}",
                "the wish “{what}” does not count: the teacher does not teach {class}"
            );
            self.tell.notice("wish_not_taught", place.clone(), message);
        }
    }
}
