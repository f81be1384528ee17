//! The rates of the servers beside each other, as bars.

use std::fmt::Write;

/// What one question found, in requests a second.
pub(crate) struct Rates {
    pub(crate) what: &'static str,
    pub(crate) floor: f64,
    pub(crate) postgres: f64,
    pub(crate) sqlite: f64,
}

const WIDTH: f64 = 760.0;
const LEFT: f64 = 130.0;
const BAR: f64 = 16.0;
const GROUP: f64 = 3.0 * BAR + 22.0;
/// Told apart by people who see few colours, too.
const SERVERS: [(&str, &str); 3] =
    [("the floor", "#9aa0a6"), ("Contacts, PostgreSQL and Redis", "#1a5fb4"), ("Contacts, SQLite", "#e66100")];

/// The bars as SVG, which needs no font of its own and adapts to light and dark pages.
pub(crate) fn svg(all: &[Rates]) -> String {
    let most = all.iter().flat_map(|rates| [rates.floor, rates.postgres, rates.sqlite]).fold(1.0, f64::max);
    let height = GROUP * all.len() as f64 + 40.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" font-family=\"sans-serif\" \
         font-size=\"12\" fill=\"#777\">\n<title>Requests a second</title>\n"
    );
    let mut left = LEFT;
    for (name, colour) in SERVERS {
        let _ = writeln!(svg, "<rect x=\"{left}\" y=\"8\" width=\"12\" height=\"12\" fill=\"{colour}\"/>");
        let _ = writeln!(svg, "<text x=\"{}\" y=\"18\">{name}</text>", left + 18.0);
        left += 46.0 + 6.5 * name.len() as f64;
    }
    for (index, Rates { what, floor, postgres, sqlite }) in all.iter().enumerate() {
        let top = 34.0 + GROUP * index as f64;
        let middle = top + 1.5 * BAR + 4.0;
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{what}</text>", LEFT - 10.0);
        for (row, (rate, (_, colour))) in [floor, postgres, sqlite].into_iter().zip(SERVERS).enumerate() {
            let (y, width) = (top + BAR * row as f64, rate / most * (WIDTH - LEFT - 70.0));
            let height = BAR - 3.0;
            let _ = writeln!(
                svg,
                "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{colour}\"/>"
            );
            let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{}\">{rate:.0}</text>", LEFT + width + 6.0, y + 11.0);
        }
    }
    svg.push_str("</svg>\n");
    svg
}
