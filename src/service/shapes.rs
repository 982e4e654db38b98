//! Shapes of the OpenAPI document that are made elsewhere: by the types that read and write them on the command line, too.

use std::borrow::Cow;
use utoipa::openapi::{ObjectBuilder, RefOr, Response, Schema};
use utoipa::{PartialSchema, ToResponse, ToSchema};

/// A shape whose schema is made elsewhere and put in by [`document`](super::openapi::document).
macro_rules! foreign {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        pub(super) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    };
}
foreign!(
    /// A model (分组方案).
    Model
);
foreign!(
    /// Rules, as `--rules` has them.
    Rules
);

foreign!(
    /// One plan, or one a class.
    Plans
);
foreign!(
    /// A model's name, or a whole model.
    ModelChoice
);
foreign!(
    /// About so many students in a group, or a range.
    SizeChoice
);
foreign!(
    /// What a cell of a list may hold.
    CellValue
);
foreign!(
    /// Where a student was last semester.
    Seat
);
foreign!(
    /// A column of a list.
    ColumnRecord
);
foreign!(
    /// A notice.
    NoticeRecord
);

/// A problem document as an answer.
pub(super) struct Refusal;

impl<'r> ToResponse<'r> for Refusal {
    fn response() -> (&'r str, RefOr<Response>) {
        ("Problem", Response::new("A problem document (RFC 9457)").into())
    }
}
