"""scikit-learn의 이웃 찾기로"""
from sklearn.neighbors import NearestNeighbors


def k_occurrence(vectors, k):
    found = NearestNeighbors(n_neighbors=k, metric="cosine").fit(vectors).kneighbors(return_distance=False)
    counter = Counter(found.ravel().tolist())
    return np.array([counter[i] for i in range(len(vectors))])
