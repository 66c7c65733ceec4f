# what: a statistical summary
# strict: yes
import statistics as st

data = [2, 4, 4, 4, 5, 5, 7, 9]
print(st.mean(data), st.median(data), st.mode(data), st.pstdev(data), round(st.variance(data), 4))
print(st.quantiles(data, n=4), st.multimode("aabbc"))
(round(st.correlation([1, 2, 3, 4], [2, 4, 5, 9]), 6), st.linear_regression([1, 2, 3], [2, 4, 6]).slope, st.harmonic_mean([40, 60]))
