//! Where in a table each field stands, and what a record says there.

use std::collections::{HashMap, HashSet};

use strum::VariantArray as _;

use super::{
    mapping::{Field, Mapping},
    reason::Reason,
    table::{Record, Table},
};

/// Characters a value may have. What is longer is a forgotten quotation mark, and no index could hold it.
pub const LONGEST_VALUE: usize = 500;

/// Where in a table each field stands. A field without a column is not spoken of: what the register has stays.
#[derive(Debug)]
pub struct Layout(HashMap<Field, Vec<usize>>);

impl Layout {
    /// Finds the columns, comparing letters and digits only, in any case. An error names what is missing and what is there.
    pub fn find(mapping: &Mapping, table: &Table<'_>) -> anyhow::Result<Self> {
        let mut positions: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, column) in table.columns.iter().enumerate() {
            positions.entry(simplified(column)).or_default().push(position);
        }
        let mut found = HashMap::new();
        for field in Field::VARIANTS {
            let mut columns = Vec::new();
            for name in mapping.columns(*field) {
                match positions.get(&simplified(name)).map(Vec::as_slice) {
                    None => {}
                    Some([position]) => columns.push(*position),
                    Some(_) => anyhow::bail!("the column {name:?} stands there more than once"),
                }
            }
            if !columns.is_empty() {
                found.insert(*field, columns);
            }
        }
        let layout = Self(found);
        layout.must_suffice(&table.columns)?;
        Ok(layout)
    }

    fn must_suffice(&self, columns: &[String]) -> anyhow::Result<()> {
        for needed in [
            &[Field::CustomerName, Field::CustomerNumber][..],
            &[Field::Sen, Field::EntitlementNumber, Field::Site],
            &[Field::Product],
            &[Field::Hosting],
        ] {
            if !needed.iter().any(|field| self.has(*field)) {
                let fields: Vec<_> = needed.iter().map(|field| field.as_str()).collect();
                anyhow::bail!(
                    "no column is mapped to {}; the columns are: {}. Give a --mapping for this file",
                    fields.join(" or "),
                    columns.join(", "),
                );
            }
        }
        Ok(())
    }

    /// Whether the file speaks of `field`.
    pub fn has(&self, field: Field) -> bool {
        self.0.contains_key(&field)
    }

    /// The columns no field is read from.
    pub fn unused<'a>(&self, columns: &'a [String]) -> Vec<&'a str> {
        let used: HashSet<usize> = self.0.values().flatten().copied().collect();
        columns
            .iter()
            .enumerate()
            .filter(|(position, column)| !used.contains(position) && !column.is_empty())
            .map(|(_, column)| column.as_str())
            .collect()
    }

    /// The value of `field`: the first cell that is not empty, with single spaces.
    pub fn value(&self, field: Field, record: &Record) -> Result<Option<String>, Reason> {
        for position in self.0.get(&field).into_iter().flatten() {
            let cell = record.cells.get(*position).unwrap_or_default();
            if cell.chars().count() > LONGEST_VALUE {
                return Err(Reason::TooLong { field });
            }
            let value = cell.split_whitespace().collect::<Vec<_>>().join(" ");
            if value.chars().any(char::is_control) {
                return Err(Reason::ControlCharacter { field });
            }
            if !value.is_empty() {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}

/// Letters and digits alone, in lower case.
pub fn simplified(column: &str) -> String {
    column.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::import::MappingChoice;

    #[test]
    fn columns_are_found_whatever_their_writing_and_missing_ones_are_named() {
        let mapping = Mapping::load(&MappingChoice::default()).unwrap();
        let find = |header: &str| Layout::find(&mapping, &Table::parse(header).unwrap());
        let layout = find("Customer Name,SEN,Product,HOSTING,Colour").unwrap();
        assert!(layout.has(Field::CustomerName) && !layout.has(Field::Country));
        let columns = ["customer name", "colour"].map(str::to_owned);
        assert_eq!(Layout(HashMap::from([(Field::CustomerName, vec![0])])).unused(&columns), ["colour"]);
        let error = find("customer_name;sen;hosting;price").unwrap_err().to_string();
        assert!(error.contains("product") && error.contains("customer_name, sen, hosting, price"), "{error}");
        assert!(
            find("sen;SEN;product;hosting;customer_name").unwrap_err().to_string().contains("more than once")
        );
    }
}
