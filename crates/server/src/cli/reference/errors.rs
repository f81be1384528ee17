use std::fmt::Write;

use super::cell;

const HEAD: &str = "# Errors

Every refusal is a problem (RFC 9457) with a `code`; a problem `validation_failed` or `batch_failed` has `errors`, each with
a `code` of its own. The texts of codes never change. `GET /errors/{code}` of a running service explains one of them; this
page is made from the same list by `make reference`.
";

pub(super) fn page() -> String {
    let mut page =
        format!("{HEAD}\n## Codes of problems\n\n| code | status | title | what to do |\n|---|---|---|---|\n");
    for code in contacts_http::problem_codes() {
        // Writing to a text cannot fail.
        let _ =
            writeln!(page, "| `{}` | {} | {} | {} |", code.code, code.status, cell(code.title), cell(code.explanation));
    }
    page.push_str("\n## Codes of faults\n\n| code | what is wrong |\n|---|---|\n");
    for code in contacts_domain::validation::ViolationCode::ALL {
        let _ = writeln!(page, "| `{}` | {} |", code.as_str(), cell(code.explanation()));
    }
    page
}
