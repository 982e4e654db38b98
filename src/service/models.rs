//! The models (分组方案) that a plan can name.

use super::language::Speaks;
use crate::model::builtin;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// One model.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ModelRecord {
    /// The name by which a plan asks for it.
    name: String,
    /// Shown to people.
    title: String,
    /// What it is for.
    about: String,
    /// The model, whole: to copy and change.
    #[schema(value_type = super::shapes::Model)]
    model: serde_json::Value,
}

/// Every model.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ModelList {
    /// The first is the default.
    models: Vec<ModelRecord>,
}

/// The models that come with fenzu
#[utoipa::path(get, path = "/v1/models", tag = "models", 
    responses((status = 200, body = ModelList, description = "Names, titles and the models whole")))]
pub(super) async fn list(Speaks(lang): Speaks) -> Json<ModelList> {
    let record = |model: &crate::model::Model| ModelRecord {
        name: model.name.clone(),
        title: model.title.get(lang).to_owned(),
        about: model.about.get(lang).to_owned(),
        // A model came from text, so it goes back to it.
        model: serde_json::to_value(model).unwrap_or_default(),
    };
    Json(ModelList { models: builtin::builtin().iter().map(record).collect() })
}
