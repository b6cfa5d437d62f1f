"""반복문 셋"""
def count_triplets(D, labels, margin):
    easy = semi = hard = 0
    for a in range(len(labels)):
        for p in range(len(labels)):
            if a == p or labels[a] != labels[p]:
                continue
            for n in range(len(labels)):
                if labels[n] == labels[a]:
                    continue
                if D[a, n] <= D[a, p]:
                    hard += 1
                elif D[a, n] < D[a, p] + margin:
                    semi += 1
                else:
                    easy += 1
    return easy, semi, hard
