"""scikit-learn의 PCA로"""
from sklearn.decomposition import PCA


def all_but_the_top(vectors, n_directions):
    centred = vectors - vectors.mean(axis=0)
    if n_directions == 0:
        return centred
    pca = PCA(n_directions, svd_solver="full").fit(vectors)
    return centred - pca.transform(vectors) @ pca.components_
