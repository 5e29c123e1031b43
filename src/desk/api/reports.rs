//! `GET /api/v1/reports/{figure}`: one figure of the overview, for a spreadsheet or another program.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::answer;
use crate::{
    casework::Casework,
    desk::overview::{self, Cell, Figure, Query, Range, Wrong},
    web::{Reader, WebError},
};

/// A table: what the overview shows of a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    figure: &'static str,
    #[schema(format = Date)]
    from: String,
    /// The last day.
    #[schema(format = Date)]
    to: String,
    /// In the language that was asked for.
    columns: Vec<String>,
    /// Of each row its cells: words, counts, seconds of business time or null, and `{"part", "whole"}`.
    rows: Vec<Vec<Value>>,
}

pub async fn show(
    request: HttpRequest,
    reader: Reader,
    casework: web::Data<Casework>,
    figure: web::Path<String>,
) -> Result<HttpResponse, WebError> {
    let figure: Figure = figure.parse().map_err(|_| WebError::NotFound)?;
    let pairs = answer::parameters(&request, &["from", "to"])?;
    let value = |name: &str| answer::value(&pairs, name).to_owned();
    let query = Query { from: value("from"), to: value("to") };
    let today = *reader.app.clock.now().day_in(&reader.app.zone);
    let range = match Range::read(&query, today) {
        Ok(range) => range,
        Err(wrong) => {
            let name = if wrong == Wrong::From { "from" } else { "to" };
            return Err(answer::wrong_parameters(&request, &[name])?.into());
        }
    };
    let table = overview::read_table(&reader, &casework, figure, &range).await?;
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/csv")) {
        return overview::file_of(figure, &range, &table, reader.language);
    }
    let report = Report {
        figure: figure.word(),
        from: range.from.to_string(),
        to: range.to.to_string(),
        columns: table.columns,
        rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    };
    Ok(answer::begin(StatusCode::OK)
        .insert_header((header::CONTENT_LANGUAGE, reader.language.as_str()))
        .json(report))
}

fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Words(words) => json!(words),
        Cell::Count(count) => json!(count),
        Cell::Time(seconds) => json!(seconds),
        Cell::Share(part, whole) => json!({ "part": part, "whole": whole }),
    }
}
