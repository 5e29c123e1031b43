use std::collections::BTreeMap;

use data_encoding::HEXLOWER;

use super::*;

/// The leaves that the reference implementation of Certificate Transparency is tested with.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// The roots of the trees of the first one, two, … of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(hex: &str) -> Sha256Bytes {
    HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
}

/// A tree with all its subtrees.
#[derive(Default)]
struct Tree {
    edge: Edge,
    nodes: BTreeMap<Node, Sha256Bytes>,
    roots: Vec<Sha256Bytes>,
}

impl Tree {
    fn push(&mut self, leaf: &[u8]) {
        let leaf = leaf_hash(leaf);
        self.nodes.insert(Node { level: 0, position: self.edge.size() }, leaf);
        let filled = self.edge.push(leaf);
        self.nodes.extend(filled);
        self.roots.push(self.edge.root());
    }

    fn of(leaves: &[Vec<u8>]) -> Self {
        let mut tree = Self::default();
        leaves.iter().for_each(|leaf| tree.push(leaf));
        tree
    }

    fn reference() -> Self {
        Self::of(&LEAVES.map(|leaf| HEXLOWER.decode(leaf.as_bytes()).unwrap()))
    }

    fn hashes(&self, ranges: &[Range]) -> Vec<Sha256Bytes> {
        ranges.iter().map(|range| range.hash(|node| self.nodes.get(&node).copied()).unwrap()).collect()
    }

    fn leaf(&self, index: u64) -> Sha256Bytes {
        self.nodes[&Node { level: 0, position: index }]
    }

    fn root(&self, size: u64) -> Sha256Bytes {
        self.roots[usize::try_from(size - 1).unwrap()]
    }
}

/// RFC 9162, 2.1.1, word for word.
fn by_the_book(leaves: &[Vec<u8>]) -> Sha256Bytes {
    match leaves {
        [] => empty_root(),
        [one] => leaf_hash(one),
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            parent(&by_the_book(&leaves[..k]), &by_the_book(&leaves[k..]))
        }
    }
}

#[test]
fn the_reference_trees_have_the_known_roots() {
    let tree = Tree::reference();
    assert_eq!(tree.roots, ROOTS.map(hash));
    assert_eq!(
        Edge::default().root(),
        hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    );
}

#[test]
fn the_reference_leaves_are_found_in_their_trees() {
    let tree = Tree::reference();
    // Leaf and size, counted from one as in the reference.
    for (leaf, size, path) in [
        (1, 1, vec![]),
        (
            1,
            8,
            vec![
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            vec![
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (3, 3, vec!["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            2,
            5,
            vec![
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ] {
        let path: Vec<Sha256Bytes> = path.into_iter().map(hash).collect();
        assert_eq!(tree.hashes(&inclusion(leaf - 1, size).unwrap()), path, "{leaf} of {size}");
        assert!(verify_inclusion(&tree.leaf(leaf - 1), (leaf - 1, size), &path, &tree.root(size)));
    }
}

#[test]
fn the_reference_trees_begin_with_each_other() {
    let tree = Tree::reference();
    for (first, size, path) in [
        (1, 1, vec![]),
        (
            1,
            8,
            vec![
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            vec![
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            vec![
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ] {
        let path: Vec<Sha256Bytes> = path.into_iter().map(hash).collect();
        assert_eq!(tree.hashes(&consistency(first, size).unwrap()), path, "{first} of {size}");
        let (old, new) = (tree.root(first), tree.root(size));
        assert!(verify_consistency((first, &old), (size, &new), &path));
    }
}

#[test]
fn what_is_not_in_the_tree_is_not_found_there() {
    assert_eq!(inclusion(0, 0), None);
    assert_eq!(inclusion(8, 8), None);
    assert_eq!(consistency(0, 8), None);
    assert_eq!(consistency(9, 8), None);
    let tree = Tree::reference();
    let (leaf, root) = (tree.leaf(0), tree.root(1));
    assert!(!verify_inclusion(&leaf, (0, 0), &[], &root));
    assert!(!verify_inclusion(&leaf, (u64::MAX, u64::MAX), &[], &root));
    assert!(!verify_consistency((0, &empty_root()), (1, &root), &[]));
    assert!(!verify_consistency((2, &root), (1, &root), &[]));
    // A path without end leads nowhere.
    assert!(!verify_inclusion(&leaf, (0, 1), &[root; 100], &root));
    assert!(!verify_consistency((1, &root), (2, &tree.root(2)), &[root; 100]));
}

#[test]
fn every_leaf_and_every_earlier_tree_is_found_up_to_a_hundred() {
    let leaves: Vec<Vec<u8>> = (0..100_u8).map(|n| vec![n]).collect();
    let tree = Tree::of(&leaves);
    for size in 1..=100 {
        assert_eq!(tree.root(size), by_the_book(&leaves[..usize::try_from(size).unwrap()]));
        let roots = Edge::nodes(size).into_iter().map(|node| tree.nodes[&node]).collect();
        assert_eq!(Edge::of(size, roots).unwrap().root(), tree.root(size));
        for index in 0..size {
            let proof = tree.hashes(&inclusion(index, size).unwrap());
            assert!(verify_inclusion(&tree.leaf(index), (index, size), &proof, &tree.root(size)));
            let first = index + 1;
            let proof = tree.hashes(&consistency(first, size).unwrap());
            let (old, new) = (tree.root(first), tree.root(size));
            assert!(verify_consistency((first, &old), (size, &new), &proof), "{first} of {size}");
        }
    }
    assert_eq!(Edge::of(3, vec![]), None);
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn no_path_survives_a_changed_bit(
            (size, index, first) in (2..400_u64).prop_flat_map(|size| (Just(size), 0..size, 1..size)),
            which in any::<prop::sample::Index>(),
            bit in 0..256_usize,
        ) {
            let leaves: Vec<Vec<u8>> = (0..size).map(|n| n.to_be_bytes().to_vec()).collect();
            let tree = Tree::of(&leaves);
            let flip = |hash: &mut Sha256Bytes| hash[bit / 8] ^= 1 << (bit % 8);
            let (leaf, root) = (tree.leaf(index), tree.root(size));

            let proof = tree.hashes(&inclusion(index, size).unwrap());
            prop_assert!(verify_inclusion(&leaf, (index, size), &proof, &root));
            let mut changed = proof.clone();
            flip(which.get_mut(changed.as_mut_slice()));
            prop_assert!(!verify_inclusion(&leaf, (index, size), &changed, &root));
            let (mut other, mut another) = (leaf, root);
            flip(&mut other);
            flip(&mut another);
            prop_assert!(!verify_inclusion(&other, (index, size), &proof, &root));
            prop_assert!(!verify_inclusion(&leaf, (index, size), &proof, &another));
            // Another place, and a path that is shorter or longer.
            prop_assert!(!verify_inclusion(&leaf, ((index + 1) % size, size), &proof, &root));
            prop_assert!(!verify_inclusion(&leaf, (index, size), &proof[1..], &root));
            prop_assert!(!verify_inclusion(&leaf, (index, size), &[proof.clone(), vec![root]].concat(), &root));

            let proof = tree.hashes(&consistency(first, size).unwrap());
            let old = tree.root(first);
            prop_assert!(verify_consistency((first, &old), (size, &root), &proof));
            let mut changed = proof.clone();
            flip(which.get_mut(changed.as_mut_slice()));
            prop_assert!(!verify_consistency((first, &old), (size, &root), &changed));
            let mut other = old;
            flip(&mut other);
            prop_assert!(!verify_consistency((first, &other), (size, &root), &proof));
            prop_assert!(!verify_consistency((first, &old), (size, &another), &proof));
            prop_assert!(!verify_consistency((first, &old), (size, &root), &proof[1..]));
            prop_assert!(!verify_consistency((first, &old), (size, &root), &[proof.clone(), vec![root]].concat()));
        }
    }
}
