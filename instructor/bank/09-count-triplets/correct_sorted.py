"""기준마다 부정의 거리를 정렬해 이분 탐색으로 셈"""
def count_triplets(D, labels, margin):
    easy = semi = hard = 0
    for a in range(len(labels)):
        to_negatives = np.sort(D[a, labels != labels[a]])
        for p in np.flatnonzero(labels == labels[a]):
            if p != a:
                n_hard = np.searchsorted(to_negatives, D[a, p], side="right")
                n_not_easy = max(n_hard, np.searchsorted(to_negatives, D[a, p] + margin, side="left"))
                hard, semi, easy = hard + n_hard, semi + n_not_easy - n_hard, easy + len(to_negatives) - n_not_easy
    return int(easy), int(semi), int(hard)
