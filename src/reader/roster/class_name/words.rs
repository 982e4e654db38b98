//! The words of class names, as data: a new wording is a word more in its row, and no code.

use super::Stage;

/// What a school's stages are called, the longer words first.
pub(super) const STAGES: [(Stage, &str); 3] =
    [(Stage::Primary, "小学部 小学 小"), (Stage::Junior, "初中部 初中 初"), (Stage::Senior, "高中部 高中 高")];

/// What is written before the number of a grade in English.
pub(super) const GRADE: &str = "grade gr g year yr y form s";

/// What is written before the number of a class.
pub(super) const CLASS: &str = "class cls c 第";

/// Kinds of classes, written before or behind the number.
pub(super) const TRACKS: &str = "文科 理科 文 理 实验 重点 普通 平行 国际 艺术 体育 美术 音乐 舞蹈 传媒 特长 火箭 清北 尖子 创新 \
                                 宏志 双语 物理 历史 物化生 物化地 物化政 史政地 政史地 职高 中职 春考 走读 寄宿 体艺 艺体 少年 \
                                 科创 强基 竞赛 培优 特教";

/// Groups of a kindergarten and stages where a class has no grade beside them: 大二班, 高3班.
pub(super) const GROUPS: &str = "大 中 小 托 学前 初 高";

/// What may be written behind a class: what the file or the sheet is, or who is meant.
pub(super) const BEHIND: &str = "花名册 学生名册 学生名单 点名册 名册 名单 学生 班主任 副班主任 成绩单 成绩表 成绩册 成绩 \
                                 信息表 情况表 登记表 统计表 一览表 汇总表 汇总 分班表 分组表 基本情况 基本信息 信息 情况 \
                                 期中 期末 月考 考试 总表 表 数据 全体 同学 单周 双周 隔周 兼 兼任 代课 等 等班 两班 两个班 \
                                 rosters roster list students scores";

/// What ends the name of a school, a year or a term that stands before a class.
pub(super) const BEFORE: &str =
    "学校 小学 中学 学院 幼儿园 校区 分校 附中 附小 学期 学年度 学年 秋季 春季 年秋 年春 班级: 班级";

/// All classes of a grade, or of the school where no grade is named.
pub(super) const WHOLE: &str =
    "全部班级 所有班级 各个班级 全部班 所有班 全体班 各个班 全部 全体 所有 各班 全级 全班 all";

/// All classes of the only grade.
pub(super) const WHOLE_GRADE: &str = "全年级 本年级 整个年级";

/// All classes of the school.
pub(super) const WHOLE_SCHOOL: &str = "全校 全校各班 所有年级 各年级 全部年级";

/// What is left out of the classes before it.
pub(super) const EXCEPT: &str = "除了 除去 除 不含 不包括 不教";

/// What ends that.
pub(super) const EXCEPTED: &str = "除外 之外 以外 外";

/// From one class to another, besides the strokes.
pub(super) const TO: [char; 2] = ['至', '到'];

/// What joins classes besides the signs of a list.
pub(super) const AND: [char; 6] = ['和', '与', '及', '&', '+', '｜'];

/// What the text begins with, of a row of words, and the rest.
pub(super) fn leading<'a, 't>(text: &'t str, words: &'a str) -> Option<(&'a str, &'t str)> {
    let found = words.split_whitespace().filter_map(|word| Some((word, text.strip_prefix(word)?)));
    found.max_by_key(|(word, _)| word.len())
}

/// The text without a word of the row at its end.
pub(super) fn without_trailing<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let found = words.split_whitespace().filter_map(|word| text.strip_suffix(word));
    found.min_by_key(|rest| rest.len())
}

/// Whether the text is one of the row's words.
pub(super) fn is_one(text: &str, words: &str) -> bool {
    words.split_whitespace().any(|word| word == text)
}
