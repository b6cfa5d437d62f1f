"""순위마다 하나씩 더함"""
def ndcg(grades, k):
    def dcg(ordered):
        return sum(grade / np.log2(place + 1) for place, grade in enumerate(ordered[:k], start=1))

    best = dcg(sorted(grades, reverse=True))
    return dcg(list(grades)) / best if best else 0.0
