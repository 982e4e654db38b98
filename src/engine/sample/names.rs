//! Invented names: common surnames with common given names, so two students of a class may share one, as in life.

use super::random::Stream;
use crate::words::Lang;

const SURNAMES: [&str; 48] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "蒋",
    "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "欧阳",
];

const BOYS: [&str; 32] = [
    "浩然", "子轩", "宇轩", "俊杰", "思远", "明轩", "博文", "天佑", "嘉豪", "文博", "志强", "建国", "家明", "晨曦",
    "一鸣", "皓宇", "泽宇", "梓豪", "睿哲", "承志", "立恒", "景行", "永康", "少华", "伟", "磊", "强", "鑫", "鹏", "凯",
    "帆", "越",
];

const GIRLS: [&str; 32] = [
    "诗涵", "雨桐", "欣怡", "梓涵", "佳怡", "若曦", "语嫣", "思琪", "梦瑶", "雅静", "晓彤", "静怡", "可欣", "紫萱",
    "海燕", "春梅", "婉清", "安琪", "芷若", "书瑶", "秋月", "文静", "慧敏", "玉兰", "婷", "丽", "敏", "芳", "雪", "琳",
    "悦", "瑶",
];

const ENGLISH_SURNAMES: [&str; 24] = [
    "Adams", "Baker", "Chen", "Davies", "Evans", "Fischer", "Garcia", "Hughes", "Ivanova", "Jones", "Kim", "Lopez",
    "Martin", "Nguyen", "Okafor", "Patel", "Quinn", "Rossi", "Silva", "Taylor", "Usman", "Wagner", "Yamamoto", "Zhang",
];

const ENGLISH_BOYS: [&str; 20] = [
    "Adam", "Ben", "Carlos", "David", "Elias", "Felix", "George", "Hugo", "Ian", "James", "Kofi", "Leo", "Marco",
    "Noah", "Omar", "Paul", "Ravi", "Samuel", "Thomas", "Wei",
];

const ENGLISH_GIRLS: [&str; 20] = [
    "Alice", "Beatriz", "Clara", "Diana", "Emma", "Fatima", "Grace", "Hannah", "Ines", "Julia", "Kavya", "Laura",
    "Maria", "Nina", "Olivia", "Priya", "Rosa", "Sofia", "Tara", "Yuki",
];

/// One name.
pub(super) fn name(stream: &mut Stream, lang: Lang, boy: bool) -> String {
    let mut pick = |words: &[&'static str]| words[stream.below(words.len())];
    match lang {
        Lang::Zh => {
            let surname = pick(&SURNAMES);
            let given = pick(if boy { &BOYS } else { &GIRLS });
            format!("{surname}{given}")
        }
        Lang::En => {
            let given = pick(if boy { &ENGLISH_BOYS } else { &ENGLISH_GIRLS });
            let surname = pick(&ENGLISH_SURNAMES);
            format!("{given} {surname}")
        }
    }
}
