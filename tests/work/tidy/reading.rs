//! From the text of a module to the facts that the checks need.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, FnArg, ImplItem, Item as Code, ReturnType, Signature, Type, UseTree};

use super::sources::{Answer, File, Function, Import, Item, Module, Sources, Texts, Written};

/// Reads a file as a module, and the modules that it declares.
pub(super) fn read_module(
    sources: &mut Sources,
    texts: &Texts,
    path: &str,
    declared: Option<(usize, String)>,
) -> usize {
    let text = &texts[path];
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let file = sources.files.len();
    sources.files.push(File { path: path.into(), code: vec![], lines: 0, functions: vec![] });
    let module = add_module(sources, file, declared);
    let mut reader = Reader { sources, texts, module, is_in_function: false, tests: Vec::new() };
    reader.visit_file(&parsed);
    let tests = reader.tests;
    let is_test = |line: &usize| tests.iter().any(|range| range.contains(line));
    let lines = Vec::from_iter((1..).zip(text.lines()).filter(|(line, _)| !is_test(line)));
    sources.files[file].lines = lines.len();
    let code = lines.into_iter().filter(|(_, line)| !line.trim_start().starts_with("//"));
    sources.files[file].code = code.map(|(number, line)| (number, line.to_owned())).collect();
    module
}

fn add_module(sources: &mut Sources, file: usize, declared: Option<(usize, String)>) -> usize {
    let id = sources.modules.len();
    let (parent, name) =
        declared.map_or((None, String::new()), |(parent, name)| (Some(parent), name));
    if let Some(parent) = parent {
        sources.modules[parent].children.insert(name.clone(), id);
    }
    sources.modules.push(Module {
        file,
        parent,
        name,
        children: BTreeMap::new(),
        items: vec![],
        imports: vec![],
        paths: vec![],
    });
    id
}

struct Reader<'a> {
    sources: &'a mut Sources,
    texts: &'a Texts,
    module: usize,
    is_in_function: bool,
    /// Lines of what is compiled only for tests.
    tests: Vec<RangeInclusive<usize>>,
}

impl Reader<'_> {
    fn here(&mut self) -> &mut Module {
        &mut self.sources.modules[self.module]
    }

    fn define(&mut self, name: &syn::Ident, is_type: bool) {
        if !self.is_in_function {
            self.here().items.push(Item { name: name.to_string(), is_type });
        }
    }

    /// A call in place of an item may define whatever it is given a name of.
    fn define_with_macro(&mut self, tokens: TokenStream) {
        for token in tokens {
            if let TokenTree::Ident(name) = token {
                self.define(&name, false);
            }
        }
    }

    fn write(&mut self, line: usize, path: Vec<String>) {
        self.here().paths.push(Written { line, path });
    }

    fn leave_out(&mut self, of: &impl Spanned) {
        self.tests.push(of.span().start().line..=of.span().end().line);
    }

    fn function(&mut self, signature: &Signature, block: Option<&Block>) {
        let start = signature.span().start().line;
        let end = block.map_or_else(|| signature.span(), Spanned::span).end().line;
        let file = self.here().file;
        self.sources.files[file].functions.push(Function {
            name: signature.ident.to_string(),
            line: start,
            lines: end + 1 - start,
            arguments: signature.inputs.len() - usize::from(signature.receiver().is_some()),
            has_tuple_pattern: signature.inputs.iter().any(has_tuple_pattern),
            answer: answer(&signature.output),
        });
    }

    /// The imports of a tree, each of which is also a path that is written here.
    fn import(&mut self, tree: &UseTree, mut before: Vec<String>) {
        let line = tree.span().start().line;
        let (name, path) = match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                return self.import(&path.tree, before);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(tree, before.clone()));
            }
            UseTree::Glob(_) => (None, before),
            UseTree::Name(name) => {
                before.push(name.ident.to_string());
                (None, before)
            }
            UseTree::Rename(rename) => {
                before.push(rename.ident.to_string());
                (Some(rename.rename.to_string()), before)
            }
        };
        let is_glob = matches!(tree, UseTree::Glob(_));
        // The `self` of `use a::{self}` is `a`.
        let is_repeated = path.len() > 1 && path.last().is_some_and(|last| last == "self");
        let path = path[..path.len() - usize::from(is_repeated)].to_vec();
        let name = name.or_else(|| path.last().filter(|_| !is_glob).cloned());
        self.write(line, path.clone());
        self.here().imports.push(Import { name, path });
    }

    /// Paths in the tokens of a macro call, of the rules of a macro, or of an attribute.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens = Vec::from_iter(tokens);
        let is = |position: Option<usize>, sign| {
            let token = position.and_then(|position| tokens.get(position));
            matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == sign)
        };
        let is_joined = |at: usize| is(Some(at), ':') && is(Some(at + 1), ':');
        for (start, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let follows =
                        is(start.checked_sub(1), '.') || (start >= 2 && is_joined(start - 2));
                    if follows {
                        continue;
                    }
                    let mut path = vec![first.to_string()];
                    let mut at = start + 1;
                    while is_joined(at)
                        && let Some(TokenTree::Ident(next)) = tokens.get(at + 2)
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    self.write(first.span().start().line, path);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn within_function(&mut self, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.is_in_function, true);
        visit(self);
        self.is_in_function = before;
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Code) {
        if is_for_tests(attributes(item)) {
            self.leave_out(item);
            return;
        }
        match item {
            Code::Const(item) => self.define(&item.ident, false),
            Code::Static(item) => self.define(&item.ident, false),
            Code::Fn(item) => self.define(&item.sig.ident, false),
            Code::Enum(item) => self.define(&item.ident, true),
            Code::Struct(item) => self.define(&item.ident, true),
            Code::Union(item) => self.define(&item.ident, true),
            Code::Trait(item) => self.define(&item.ident, true),
            Code::Type(item) => self.define(&item.ident, true),
            Code::Macro(item) => match &item.ident {
                Some(name) => self.define(name, false),
                None => self.define_with_macro(item.mac.tokens.clone()),
            },
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let declared = Some((self.module, item.ident.to_string()));
        if let Some((_, items)) = &item.content {
            let file = self.here().file;
            let inner = add_module(self.sources, file, declared);
            let outer = std::mem::replace(&mut self.module, inner);
            items.iter().for_each(|item| self.visit_item(item));
            self.module = outer;
        } else {
            let directory = self.directory();
            let flat = format!("{directory}{}.rs", item.ident);
            let folder = format!("{directory}{}/mod.rs", item.ident);
            let path = if self.texts.contains_key(&flat) { flat } else { folder };
            read_module(self.sources, self.texts, &path, declared);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Const(item) => &item.attrs,
            _ => &[],
        };
        if is_for_tests(attributes) {
            self.leave_out(item);
        } else {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, Some(&item.block));
        self.within_function(|reader| visit::visit_item_fn(reader, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, Some(&item.block));
        self.within_function(|reader| visit::visit_impl_item_fn(reader, item));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.function(&item.sig, item.default.as_ref());
        self.within_function(|reader| visit::visit_trait_item_fn(reader, item));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&item.tree, Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string());
        self.write(path.span().start().line, segments.collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.tokens(list.tokens.clone());
    }
}

impl Reader<'_> {
    /// Where the files of the modules are that the present module declares.
    fn directory(&self) -> String {
        let mut names = Vec::new();
        let mut module = &self.sources.modules[self.module];
        while let Some(parent) = module.parent {
            names.push(format!("{}/", module.name));
            module = &self.sources.modules[parent];
        }
        names.into_iter().rev().collect()
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

fn attributes(item: &Code) -> &[Attribute] {
    match item {
        Code::Const(item) => &item.attrs,
        Code::Enum(item) => &item.attrs,
        Code::Fn(item) => &item.attrs,
        Code::Impl(item) => &item.attrs,
        Code::Macro(item) => &item.attrs,
        Code::Mod(item) => &item.attrs,
        Code::Static(item) => &item.attrs,
        Code::Struct(item) => &item.attrs,
        Code::Trait(item) => &item.attrs,
        Code::Type(item) => &item.attrs,
        Code::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn has_tuple_pattern(argument: &FnArg) -> bool {
    struct Tuples(bool);
    impl Visit<'_> for Tuples {
        fn visit_pat_tuple(&mut self, _: &syn::PatTuple) {
            self.0 = true;
        }
    }
    let FnArg::Typed(typed) = argument else { return false };
    let mut tuples = Tuples(false);
    tuples.visit_pat(&typed.pat);
    tuples.0
}

fn answer(output: &ReturnType) -> Answer {
    let ReturnType::Type(_, returned) = output else { return Answer::Other };
    match &**returned {
        Type::Path(path) if path.path.is_ident("bool") => Answer::Bool,
        Type::ImplTrait(condition) if condition.bounds.iter().any(is_condition) => {
            Answer::Condition
        }
        _ => Answer::Other,
    }
}

/// Whether a bound is `Fn(…) -> bool` or one of its kin.
fn is_condition(bound: &syn::TypeParamBound) -> bool {
    let syn::TypeParamBound::Trait(bound) = bound else { return false };
    bound.path.segments.last().is_some_and(|last| {
        let syn::PathArguments::Parenthesized(arguments) = &last.arguments else { return false };
        answer(&arguments.output) == Answer::Bool
    })
}
