//! `GET /contacts`: search, filters, order, pages.

mod cursors;
mod filters;
mod found;
mod paging;
mod search;
mod sorting;
mod total;

/// The last names of the 80 people in the order of the list's default, computed elsewhere (by Unicode
/// decomposition and code points, with Łukasiewicz as an `l` and de Beauvoir as a `d`).
#[rustfmt::skip]
const IN_ORDER: [&str; 80] = [
    "Achebe", "Adams", "Anar", "Asimov", "Banach", "Bohr", "Braille", "Chopin", "de Beauvoir", "Didion", "Domeyko",
    "du Châtelet", "Dvořák", "Eco", "Erdős", "Forster", "Franklin", "Galois", "García Márquez", "Gauß", "Germain",
    "Gödel", "Guðmundsdóttir", "Hamilton", "Hodgkin", "Hollerith", "Hopkins", "Hopper", "Janáček", "Jansson",
    "Jemison", "Johnson", "Kahlo", "Kierkegaard", "Kieślowski", "Knuth", "Kopernik", "Laxness", "Le Guin", "Lem",
    "Lindgren", "Liskov", "Lovelace", "Łukasiewicz", "Maathai", "Mahfouz", "Malinowski", "Matisse", "Mickiewicz",
    "Miłosz", "Morgan", "Noether", "O'Casey", "O'Connor", "Pamuk", "Pratchett", "Ramanujan", "Rejewski", "Rossini",
    "Salinger", "Sartre", "Sendlerowa", "Shelley", "Shore", "Sibelius", "Skłodowska-Curie", "Smetana", "Szymborska",
    "Tagore", "Thompson", "Tokarczuk", "Tolkien", "Torvalds", "Turing", "Καζαντζάκης", "Толстой", "Українка",
    "Шевченко", "漱石", "駿",
];
