//! What is asked: lists that were read, a request, a staff list. Everything that can be wrong with it is found here, for all classes
//! at once, before any solving starts.

use super::class::prepare_settled;
use super::last::{is_unmatched, previous_unmatched};
use super::staffing::{Numbers, fit, fit_to, numbers};
use super::{Division, Prepared, Ready};
use crate::fault::Faults;
use crate::model::Request;
use crate::roster::Roster;
use crate::roster::staff::{Directory, Staff};
use crate::solver::Stop;

/// Reads a staff list for the classes that there are.
pub type StaffReader<'a> = &'a dyn Fn(&Directory) -> Result<Staff, Faults>;

/// What is asked of lists.
pub struct Asked<'a> {
    /// The lists, with nothing left in doubt.
    pub lists: &'a [&'a Roster],
    /// What is asked of every class; the staff list is put into it here.
    pub request: Request,
    /// How each list is divided.
    pub division: Division,
    /// The numbers of groups of all classes where a plan has settled them; of those beyond its end the request decides.
    pub settled: &'a [usize],
    /// The numbers of groups that were [fitted](Asked::fitted) to the staff list before, where they were.
    pub numbers: Option<&'a Numbers>,
    /// Where there is a staff list.
    pub staff: Option<StaffReader<'a>>,
    /// Where last semester's groups stand, for messages.
    pub previous: &'a str,
}

impl Asked<'_> {
    /// All classes compiled and fitted to the teachers: the number of groups that these can carry, and who must be apart because of
    /// them.
    ///
    /// # Errors
    /// Every fault of staff list, request and classes.
    pub fn ready(self, stop: &Stop) -> Result<Ready, Faults> {
        let numbers = self.numbers;
        let Ready { classes, staff } = self.compiled()?;
        let Some(staff) = staff else { return Ok(Ready { classes, staff }) };
        let classes = match numbers.filter(|numbers| numbers.groups.len() == classes.len()) {
            Some(numbers) => fit_to(classes, (&[], numbers), &staff, stop)?,
            None => fit(classes, &staff, stop)?,
        };
        Ok(Ready { classes, staff: Some(staff) })
    }

    /// Finds everything that is wrong, and the numbers of groups that the teachers can carry; none without a staff list. Whoever
    /// solves what is asked elsewhere needs not look for them again.
    ///
    /// # Errors
    /// As [`Asked::ready`].
    pub fn fitted(self, stop: &Stop) -> Result<Option<Numbers>, Faults> {
        let Ready { classes, staff } = self.compiled()?;
        staff.map(|staff| numbers(classes, &staff, stop)).transpose()
    }

    /// The same with the numbers of groups that are asked for or settled: for a plan that was made already.
    ///
    /// # Errors
    /// As [`Asked::ready`].
    pub fn compiled(self) -> Result<Ready, Faults> {
        let Self { lists, request, division, settled, staff, previous, numbers: _ } = self;
        let read = |read: StaffReader<'_>| read(&Directory::new(lists.iter().copied())?);
        let staff = staff.map(read).transpose()?;
        let request = Request { staff: staff.as_ref().map(|staff| staff.sha256.clone()), ..request };
        let settled = &mut settled.iter().copied();
        let classes = lists.iter().map(|list| prepare_settled(list, &request, division, settled));
        let classes: Vec<Prepared> = Faults::of_all(classes)?.into_iter().flatten().collect();
        if is_unmatched(&request, &classes) {
            return Err(previous_unmatched(previous.to_owned()).into());
        }
        Ok(Ready { classes, staff })
    }
}
