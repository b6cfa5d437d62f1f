"""뜻마다의 합에서 자기를 빼서"""
def leave_one_out(vectors, labels):
    names = sorted(set(labels))
    sums = {name: vectors[labels == name].sum(axis=0) for name in names}
    counts = {name: (labels == name).sum() for name in names}
    hits = []
    for vector, label in zip(vectors, labels):
        distances = {}
        for name in names:
            own = name == label
            centre = (sums[name] - own * vector) / (counts[name] - own)
            distances[name] = ((vector - centre) ** 2).sum()
        hits.append(min(distances, key=distances.get) == label)
    return float(np.mean(hits))
