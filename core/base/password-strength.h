/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_PASSWORD_EMPTY,
  ISS_PASSWORD_WEAK,
  ISS_PASSWORD_FAIR,
  ISS_PASSWORD_GOOD
} IssPasswordStrength;

IssPasswordStrength  iss_password_strength_judge   (IssSecret           *password);
/* a sentence, translated; "" for an empty one */
const char          *iss_password_strength_to_text (IssPasswordStrength  self);

G_END_DECLS
