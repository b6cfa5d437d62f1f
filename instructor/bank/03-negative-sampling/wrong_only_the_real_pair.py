"""진짜 쌍만 배우고 가짜를 쓰지 않음(모든 벡터를 같은 쪽으로 키우면 손실이 0이 됨)"""
def negative_sampling(v, right, wrong):
    yes = 1 / (1 + np.exp(-right @ v))
    return -np.log(yes), (yes - 1) * right, (yes - 1) * v, np.zeros_like(wrong)
