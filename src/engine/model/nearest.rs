//! The known word that a user most likely meant.

/// The word nearest to `word` by edit distance, ignoring case; none where all differ in more than a third of their letters
/// (at least two letters may differ). The first of `known` wins a tie.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let allowed = (length / 3).max(2);
    known
        .into_iter()
        // The distance is at least the difference in length, which is cheaper to tell.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count().max(2))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
