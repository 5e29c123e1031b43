//! The guide for customers: a short self-check that ends in the steps for their situation, in a plain no, or in our form.
//!
//! `tree` is the whole of it, without I/O: questions, answers, leaves. It asks the register nothing and keeps nothing but how often a
//! leaf helped. What the tree looks like stands in docs/GUIDE.md, made from it by a test.

pub mod advice;
mod answers;
pub mod leaf;
pub mod pages;
pub mod second_contact;
pub mod source;
pub mod tree;
mod walk;
