DROP TABLE contacts;
DROP TABLE address_books;
DROP TABLE users;
