/** First names that nearly always say a person's gender; LFW's folders are people's names. */
const male =
  'Andrew Antonio Ben Bill Bob Brandon Brian Carlos Charles Christopher Daniel Dave David Dennis Donald Edward Eric Frank Fred Gary George Gerard Gordon Greg Gregory Harry Henry Ivan Jack Jacques James Jason Jeff Jeremy Jerry Jim Joe John Jorge Jose Joseph Joshua Keith Kevin Larry Laurent Lawrence Leonard Luis Manuel Marc Mario Mark Martin Matt Matthew Michael Miguel Mike Mikhail Mohammed Neil Norman Paul Pedro Peter Phil Phillip Richard Rick Robert Roy Rupert Russell Scott Sean Simon Stefano Steve Steven Stuart Thomas Tim Todd Tom Tommy Victor Vince Vincent Vladimir Warren William Wolfgang Zach';
const female =
  'Adriana Alicia Allison Amanda Ann Anna Anne Barbara Cecilia Christine Claire Colleen Cristina Denise Ekaterina Elaine Elena Elinor Elisabeth Elizabeth Elsa Emma Erika Estelle Geraldine Gina Gloria Grace Gwyneth Heather Heidi Helene Irina Isabella Isabelle Jane Janet Janice Jeanne Jennie Jennifer Jessica Judy Julia Julie Karen Katie Kristen Kristin Laura Lauren Lena Lily Lisa Lucy Maria Marina Marissa Martha Mary Melissa Michelle Monica Nancy Naomi Natalie Nathalie Patricia Patty Paula Penelope Priscilla Rachel Rebecca Regina Renee Rita Ruth Sarah Sheila Shirley Stephanie Susan Svetlana Tamara Tara Tatiana Tina Vanessa Victoria Wendy Winona';

const genders = new Map<string, 'male' | 'female'>([
  ...male.split(' ').map((name) => [name, 'male'] as const),
  ...female.split(' ').map((name) => [name, 'female'] as const),
]);

/** The gender that `First_Last` suggests; undefined where a name says little. */
export function genderByName(person: string): 'male' | 'female' | undefined {
  return genders.get(person.split('_')[0] ?? '');
}
