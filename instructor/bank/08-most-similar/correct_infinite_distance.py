"""자기 자신의 거리를 무한대로"""
def most_similar(doc_emb, doc_idx, n=10):
    dists = cosine_distances(doc_emb[[doc_idx]], doc_emb).flatten()
    dists[doc_idx] = np.inf
    return np.argsort(dists)[:n]
