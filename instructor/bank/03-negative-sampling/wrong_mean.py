"""가짜의 항을 더하지 않고 평균함"""
def negative_sampling(v, right, wrong):
    yes, no = 1 / (1 + np.exp(-right @ v)), 1 / (1 + np.exp(-wrong @ v))
    loss = -np.log(yes) - np.log(1 - no).mean()
    return loss, (yes - 1) * right + no @ wrong / len(wrong), (yes - 1) * v, np.outer(no, v) / len(wrong)
