//! Last semester's groups that are of nobody in the lists.

use super::Prepared;
use crate::check::Finding;
use crate::fault::Fault;
use crate::model::Request;
use crate::words;

/// Whether last semester's groups were asked for and every class does without them.
pub(super) fn is_unmatched(request: &Request, classes: &[Prepared]) -> bool {
    request.previous.is_some() && classes.iter().all(|class| class.request.previous.is_none())
}

/// Nobody of the lists is found in last semester's groups: those are the groups of others. `place` is where they stand.
#[must_use]
pub fn previous_unmatched(place: String) -> Fault {
    Fault {
        code: "previous_unmatched",
        place,
        found: words!("没有一个人能在名册里确定地找到", "nobody who is found for certain in the list"),
        expected: words!(
            "同一个班上学期的分组，有相同的学号或姓名",
            "last semester's groups of this class, with the same ids or names"
        ),
        action: words!("请核对文件、班级、学号和姓名", "check the file, the class, the ids and the names"),
    }
}

/// The same of one class, as the judge says it.
#[must_use]
pub fn unmatched() -> Finding {
    Finding {
        code: "previous_unmatched",
        place: "previous".to_owned(),
        message: words!("上学期的分组里没有这个班的人", "nobody of the class is in last semester's groups"),
    }
}
