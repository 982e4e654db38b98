//! The words of a register that its writer and its reader share, in both languages.

use crate::words::Lang;

/// One text in Chinese and English.
pub(in crate::school) type Label = (&'static str, &'static str);

pub(super) const REGISTER: Label = ("责任教师登记册", "Register of a responsible teacher");
pub(super) const DUE: Label = (
    "每周至少联系每名学生一次，每月组织一次小组活动，家访次数见各组名单。",
    "Every student is contacted once a week at least; the group meets once a month; visits due stand in the members' sheets.",
);

pub(super) const ID: Label = ("学号", "id");
pub(super) const NAME: Label = ("姓名", "name");
pub(super) const GENDER: Label = ("性别", "gender");
pub(super) const TIER: Label = ("层次", "tier");
pub(super) const FAMILY: Label = ("家庭情况", "family");
pub(super) const VISITS_DUE: Label = ("应家访", "visits due");
pub(super) const HELP: Label = ("结对帮扶", "paired help");
pub(super) const GUARDIAN: Label = ("监护人", "guardian");
pub(super) const PHONE: Label = ("电话", "phone");
pub(super) const ADDRESS: Label = ("住址", "address");
pub(super) const PERFORMANCE: Label = ("平时表现", "usual performance");
pub(super) const PLAN: Label = ("近期规划", "near-term plan");
/// What registers of earlier versions called it.
pub(super) const PLAN_BEFORE: Label = ("近期计划", "near-term plan");

pub(super) const WORK_PLAN: Label = ("本组工作计划", "The group's work plan");
pub(super) const CONTACTS: Label = ("每周联系（打勾）", "Weekly contacts (tick)");
pub(super) const WEEK: Label = ("姓名 \\ 周", "name \\ week");
pub(super) const VISITS: Label = ("家访（填日期；灰格不需要）", "Home visits (write the date; grey boxes are not due)");
pub(super) const ACTIVITIES: Label = ("每月小组活动", "The group's monthly activity");
pub(super) const MONTH: Label = ("月次", "month");
/// The parts of an activity.
pub(super) const PARTS: [Label; 3] = [("日期", "date"), ("主题与内容", "topic"), ("效果", "result")];

/// The label in a language.
pub(super) fn say((zh, en): Label, lang: Lang) -> &'static str {
    crate::report::names::say(lang, zh, en)
}

/// Whether a text is the label in either language.
pub(super) fn is((zh, en): Label, text: &str) -> bool {
    text == zh || text == en
}
