//! x
#[allow(missing_docs)] #[derive(Clone,Debug)] pub struct Conflict{pub rules:Vec<usize>,pub smallest:bool}
#[allow(missing_docs)] pub fn find(_:&crate::problem::Problem,_:&super::Stop)->Option<Conflict>{None}
