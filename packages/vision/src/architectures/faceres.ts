import { type Decoder, outputOf, rowsOf } from './decoder.ts';

export interface AgeAndGender {
  /** Years: the mean of the network's probabilities of each year. */
  readonly age: number;
  /** Probability of a man, [0, 1]. */
  readonly male: number;
}

/** FaceRes: `gender` from 0 female to 1 male, `age` a probability a year. */
export const decodeFaceRes: Decoder<AgeAndGender> = (outputs, { pixels }) => {
  const gender = outputOf(outputs, 'gender');
  return rowsOf(outputOf(outputs, 'age'), pixels.count).map((years, index) => {
    let age = 0;
    for (let year = 0; year < years.length; year += 1) age += year * (years[year] as number);
    return { age, male: gender[index] as number };
  });
};
