/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/askpass/question.h"

#include <string.h>

#include "core/base/text.h"

#define MAX_LINE 200
#define MAX_LINES 12

static char *
dup_between (const char *text,
             const char *before,
             const char *end)
{
  const char *start = strstr (text, before);
  gsize length;

  if (start == NULL)
    return NULL;

  start += strlen (before);
  length = strcspn (start, end);
  return length > 0 ? g_strndup (start, length) : NULL;
}

static char *
dup_clean (const char *prompt)
{
  g_auto(GStrv) lines = g_strsplit (prompt, "\n", MAX_LINES);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *clean = iss_text_sanitise (g_strchomp (lines[i]), -1, MAX_LINE);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", clean);
    }

  g_strchomp (text->str);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * askpass_question_new:
 * @prompt: what ssh asks
 *
 * Understands OpenSSH's questions of an unknown host key; everything else that ends in a
 * choice is a choice, and what is left is a secret.
 *
 * Returns: (transfer full): the question
 */
AskpassQuestion *
askpass_question_new (const char *prompt)
{
  AskpassQuestion *self;

  g_return_val_if_fail (prompt != NULL, NULL);

  self = g_new0 (AskpassQuestion, 1);
  self->text = dup_clean (prompt);
  self->host = dup_between (self->text, "authenticity of host '", " '\n");
  self->fingerprint = dup_between (self->text, "fingerprint is ", " \n");
  if (self->fingerprint != NULL && g_str_has_suffix (self->fingerprint, "."))
    self->fingerprint[strlen (self->fingerprint) - 1] = '\0';

  if (strstr (self->text, "(yes/no/[fingerprint])?") != NULL && self->host != NULL &&
      self->fingerprint != NULL)
    self->kind = ASKPASS_QUESTION_HOST_KEY;
  else if (strstr (self->text, "(yes/no") != NULL ||
           strstr (self->text, "Please type 'yes'") != NULL)
    self->kind = ASKPASS_QUESTION_CONFIRM;
  else
    self->kind = ASKPASS_QUESTION_SECRET;

  return self;
}

/**
 * askpass_question_free:
 * @self: (transfer full) (nullable): a question
 *
 * Frees it.
 */
void
askpass_question_free (AskpassQuestion *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->host);
  g_free (self->fingerprint);
  g_free (self);
}

/**
 * askpass_question_matches:
 * @self: a question about a host key
 * @pasted: the fingerprint that somebody expects
 *
 * Returns: whether it is the server's; blanks around it do not count
 */
gboolean
askpass_question_matches (const AskpassQuestion *self,
                          const char            *pasted)
{
  g_autofree char *stripped = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (pasted != NULL, FALSE);

  stripped = g_strstrip (g_strdup (pasted));
  return self->fingerprint != NULL && strcmp (stripped, self->fingerprint) == 0;
}
